import { Root, Type } from 'protobufjs';
// Adds fromDescriptor to the library's classes.
import 'protobufjs/ext/descriptor';
import type { CallSite, Host } from '../definition';

/** Roots of descriptor files by path, for each program: it often names one file several times. */
const rootsOf = new WeakMap<Host, Map<string, Root>>();

/**
 * The message type that a call names: `desc_file` is a descriptor set as `protoc --descriptor_set_out` writes it.
 *
 * @throws InvalidArgument for a file that is none, or a type that is not in it
 */
export function messageTypeOf(call: CallSite): Type {
  const path = String(call.constant('desc_file'));
  const name = String(call.constant('message_type'));
  let root: Root;
  try {
    root = rootOf(path, call.host);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw call.invalid('desc_file', `Failed to open protobuf desc file '${path}': ${reason}`);
  }
  const found = root.lookup(name);
  if (found instanceof Type) return found;
  throw call.invalid('message_type', `The message type '${name}' could not be found in '${path}'`);
}

function rootOf(path: string, host: Host): Root {
  const roots = rootsOf.get(host) ?? new Map<string, Root>();
  rootsOf.set(host, roots);
  const known = roots.get(path);
  if (known !== undefined) return known;
  const root = Root.fromDescriptor(host.readFile(path), { keepCase: true });
  root.resolveAll();
  roots.set(path, root);
  return root;
}
