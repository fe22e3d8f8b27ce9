import { printExpression } from '../syntax/print';
import type { Span } from '../syntax/source';
import type { Call, Expression, ProgramTree, Target } from '../syntax/tree';
import { warningAt, type Finding } from './diagnostic';

/** Functions that are called for their effect. */
const EFFECTFUL: ReadonlySet<string> = new Set(['del', 'log', 'assert', 'assert_eq', 'set_semantic_meaning']);

/** Source text in a message is cut at this length. */
const MAX_SHOWN = 1_000;

/** Finds values that go nowhere and variables that are never read (warning 900). */
export function findUnused(tree: ProgramTree): Finding[] {
  return new UnusedFinder().run(tree);
}

class UnusedFinder {
  readonly #findings: Finding[] = [];
  /** First assignment of each variable, and whether it was read since its last one. */
  readonly #variables = new Map<string, { readonly span: Span; used: boolean }>();
  /** Variables that closures touch: what one round assigns the next may read. */
  readonly #inClosures = new Set<string>();
  #blocks = 0;
  #closures = 0;

  run(tree: ProgramTree): Finding[] {
    tree.roots.forEach((root, i) => this.#visit(root, i === tree.roots.length - 1));
    for (const [name, { span, used }] of this.#variables) {
      if (!used && !name.startsWith('_') && !this.#inClosures.has(name))
        this.#warn(`unused variable \`${name}\``, span);
    }
    return this.#findings.sort((a, b) => a.span.start - b.span.start);
  }

  #warn(message: string, span: Span): void {
    this.#findings.push(warningAt(900, message, span, ['use the result of this expression or remove it']));
  }

  #read(name: string): void {
    if (this.#closures > 0) this.#inClosures.add(name);
    const variable = this.#variables.get(name);
    if (variable !== undefined) variable.used = true;
  }

  /** @param used whether somebody takes the expression's value */
  #visit(node: Expression, used: boolean): void {
    switch (node.type) {
      case 'string':
      case 'integer':
      case 'float':
      case 'boolean':
      case 'null':
      case 'regex':
      case 'timestamp':
        if (!used) this.#warn(`unused literal \`${shortened(printExpression(node))}\``, node);
        return;
      case 'template':
        for (const part of node.parts) if (typeof part !== 'string') this.#read(part.name);
        if (!used) this.#warn(`unused literal \`${shortened(printExpression(node))}\``, node);
        return;
      case 'array':
        for (const item of node.items) this.#visit(item, used);
        return;
      case 'object':
        if (!used) this.#warn(`unused object \`${shortened(printExpression(node))}\``, node);
        for (const member of node.members) this.#visit(member.value, true);
        return;
      case 'group':
        return this.#visit(node.inner, used);
      case 'block':
        return this.#visitBlock(node.body, used);
      case 'if':
        // A branch's value counts as used: it is there to choose.
        for (const line of node.predicate) this.#visit(line, true);
        this.#visit(node.then, true);
        if (node.otherwise !== undefined) this.#visit(node.otherwise, true);
        return;
      case 'binary':
        this.#visit(node.left, used);
        return this.#visit(node.right, true);
      case 'not':
        return this.#visit(node.operand, used);
      case 'query':
        // A path that nobody takes the value of reads nothing.
        if (node.base.type === 'variable' && (used || node.path.length === 0)) this.#read(node.base.name);
        if (node.base.type === 'expression') this.#visit(node.base.expression, true);
        return;
      case 'call':
        return this.#visitCall(node, used);
      case 'assignment':
        this.#assign(node.target);
        if (node.errorTarget !== undefined) this.#assign(node.errorTarget);
        this.#visit(node.value, true);
        return;
      case 'abort':
        if (node.message !== undefined) this.#visit(node.message, true);
        return;
      case 'return':
        return this.#visit(node.value, true);
    }
  }

  #visitBlock(body: readonly Expression[], used: boolean): void {
    this.#blocks++;
    body.forEach((line, i) => this.#visit(line, used && i === body.length - 1));
    this.#blocks--;
  }

  #visitCall(node: Call, used: boolean): void {
    for (const argument of node.arguments) this.#visit(argument.value, true);
    if (node.closure !== undefined) {
      // What a closure gives is its function's matter, and its variables may be there for their position alone.
      this.#closures++;
      this.#visitBlock(node.closure.block.body, true);
      this.#closures--;
      for (const name of node.closure.variables) if (name !== undefined) this.#read(name);
      return;
    }
    if (used || EFFECTFUL.has(node.name) || (this.#blocks > 0 && !node.aborts)) return;
    // The call as it is meant: how its failure is handled is not the point.
    const call = printExpression({ ...node, aborts: false });
    this.#warn(`unused result for function call \`${shortened(call)}\``, node);
  }

  #assign(target: Target): void {
    if (target.type === 'ignore' || target.base.type !== 'variable') return;
    const { name } = target.base;
    const span = { start: target.start, end: target.baseEnd };
    const variable = this.#variables.get(name);
    if (variable === undefined) this.#variables.set(name, { span, used: false });
    else variable.used = false;
    if (this.#closures > 0) this.#inClosures.add(name);
  }
}

function shortened(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
