export { AUDIT_STREAM, auditStream } from './audit-stream';
export { currentBody } from './backup/current-body';
export { createApi, type Api } from './create-api';
export type { ApiDependencies, AuditEntry, Flows } from './dependencies';
export { requestAuthorizer } from './auth/request-authorizer';
export type { Sessions } from './auth/authenticator';
export {
  createManagement,
  type Health,
  type HealthCheck,
  type Management,
  type ManagementDependencies,
} from './management/create-management';
export { createServiceMetrics } from './management/service-metrics';
export { ServiceHealth, type HealthSources } from './management/service-health';
