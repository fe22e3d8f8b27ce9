// Work in a process of its own, such as sending: started, asked for one thing after the other, ended.
'use strict';

const { fork } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');

/** The side of the benchmark. */
class Child {
  #process;
  #answers = [];
  #waiting = [];
  #ended;

  /** @param file the program, which calls `serve` */
  constructor(file, args = []) {
    this.#process = fork(file, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#ended = once(this.#process, 'exit').then(([code, signal]) => {
      this.#ended = `${file} ended early with ${code ?? signal}`;
      for (const { reject } of this.#waiting.splice(0)) reject(new Error(this.#ended));
    });
    this.#process.on('message', (answer) => {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#answers.push(answer);
      else settle(waiting, answer);
    });
  }

  /** Calls a function that the child serves. */
  call(name, argument = {}) {
    if (typeof this.#ended === 'string') return Promise.reject(new Error(this.#ended));
    this.#process.send({ name, argument });
    return new Promise((resolve, reject) => {
      const waiting = { resolve, reject };
      const answer = this.#answers.shift();
      if (answer === undefined) this.#waiting.push(waiting);
      else settle(waiting, answer);
    });
  }

  get pid() {
    return this.#process.pid;
  }

  async end() {
    if (typeof this.#ended === 'string') return;
    this.#process.kill('SIGKILL');
    await this.#ended;
  }
}

/** @param file the program's name in this folder */
async function withChild(file, use) {
  const child = new Child(path.join(__dirname, file));
  try {
    return await use(child);
  } finally {
    await child.end();
  }
}

function settle({ resolve, reject }, { result, error }) {
  if (error === undefined) resolve(result);
  else reject(new Error(error));
}

/** The side of the child: answers calls one after the other, and ends with the benchmark. */
function serve(functions) {
  let last = Promise.resolve();
  process.on('message', ({ name, argument }) => {
    last = last.then(async () => {
      try {
        process.send({ result: await functions[name](argument) });
      } catch (error) {
        process.send({ error: String(error && error.stack) });
      }
    });
  });
  process.on('disconnect', () => process.exit());
}

module.exports = { withChild, serve };
