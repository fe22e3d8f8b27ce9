export { handshakeProblem } from './handshake-problem';
export { TlsCertificate, TlsCertificates, type TlsCertificatesOptions, type TlsServer } from './tls-certificates';
export type { TlsFiles } from './tls-files';
