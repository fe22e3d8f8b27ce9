// What parse_proto and encode_proto are made of, to be loaded at once.
export { decodeMessage } from './decode-message';
export { encodeMessage } from './encode-message';
export { messageTypeOf } from './message-type';
