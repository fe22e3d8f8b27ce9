// Lint rules. The import rules hold the rooms' directions: an arrow only points towards the pure rooms.
const js = require('@eslint/js');
const tseslint = require('typescript-eslint');

/** What each room under src/ may import from the others (a room may always import itself). */
const ROOM_IMPORTS = {
  record: [],
  syslog: ['record'],
  otlp: ['record'],
  expr: ['record'],
  vrl: [],
  config: [],
  tls: [],
  service: ['record'],
  storage: ['record', 'expr'],
  forwarders: ['record', 'syslog', 'otlp', 'expr', 'storage'],
  network: ['vrl', 'forwarders'],
  pipeline: ['record', 'expr', 'vrl', 'storage', 'forwarders'],
  inputs: ['record', 'syslog', 'otlp', 'pipeline', 'tls'],
  api: ['record', 'expr', 'vrl', 'otlp', 'storage', 'pipeline', 'forwarders', 'inputs', 'config', 'tls'],
  cli: ['config', 'network', 'record', 'service', 'vrl'],
};

/** Rooms that must run without Node (the transform language also runs in a browser). */
const PURE_ROOMS = ['record', 'syslog', 'otlp', 'expr', 'vrl'];

const roomRules = Object.entries(ROOM_IMPORTS).map(([room, allowed]) => {
  const forbidden = [...Object.keys(ROOM_IMPORTS), 'server'].filter(
    (other) => other !== room && !allowed.includes(other),
  );
  const patterns = [
    {
      regex: `^(\\.\\./)+(${forbidden.join('|')})(/|$)`,
      message: `src/${room} may import only: ${[room, ...allowed].join(', ')}.`,
    },
  ];
  if (PURE_ROOMS.includes(room)) {
    patterns.push({
      regex:
        '^(node:)?(fs|net|dgram|http|https|http2|tls|child_process|worker_threads|cluster|knex|better-sqlite3|express)(/|$)',
      message: `src/${room} is pure: no input, output or threads.`,
    });
  }
  return {
    files: [`src/${room}/**/*.ts`],
    ignores: ['src/**/*.test.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
});

module.exports = tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'data/**', 'coverage/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      eqeqeq: 'error',
      'no-control-regex': 'off',
    },
  },
  ...roomRules,
  {
    // serve builds the server; user, queue and doctor work on the data directory without one.
    files: ['src/cli/serve.ts', 'src/cli/reset-password.ts', 'src/cli/doctor/**/*.ts', 'src/cli/queue/inspect.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['**/*.js', '**/*.cjs', '**/*.mjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: {
        module: 'writable',
        AbortController: 'readonly',
        AbortSignal: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        URLSearchParams: 'readonly',
        __dirname: 'readonly',
        clearInterval: 'readonly',
        clearTimeout: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
        process: 'readonly',
        require: 'readonly',
        setImmediate: 'readonly',
        setInterval: 'readonly',
        setTimeout: 'readonly',
        structuredClone: 'readonly',
      },
    },
    rules: {
      '@typescript-eslint/no-require-imports': 'off',
      // Scripts may name the modules that globals come from.
      'no-redeclare': ['error', { builtinGlobals: false }],
    },
  },
);
