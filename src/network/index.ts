export { ScriptNetwork, type ScriptNetworkOptions } from './script-network';
