import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { CONFIG_ENTRIES, parseBind } from '../../src/config';

const PROJECT = path.join(__dirname, '../..');
const read = (name: string): string => readFileSync(path.join(PROJECT, name), 'utf8');

interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** The stages of the Dockerfile, each from its FROM on. */
function stages(): Instruction[][] {
  const lines = read('packaging/Dockerfile')
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const found: Instruction[][] = [];
  for (const line of lines) {
    const [, name = '', text = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') found.push([]);
    found.at(-1)?.push({ name, text });
  }
  return found;
}

const textsOf = (stage: readonly Instruction[], name: string): string[] =>
  stage.filter((instruction) => instruction.name === name).map(({ text }) => text);

/** Ports on which a service without settings listens; the one of a key that has to be set as well. */
function defaultPorts(): Set<string> {
  const ports = new Set<string>();
  for (const { path: key, key: entry } of CONFIG_ENTRIES.values()) {
    if (!key.endsWith('.bind')) continue;
    const port = parseBind(String(entry.default as string))?.port;
    ports.add(`${String(port)}/${key === 'syslog.udp.bind' ? 'udp' : 'tcp'}`);
  }
  return ports;
}

describe('packaging/Dockerfile', () => {
  const [build, final, ...others] = stages();

  it('knows only instructions that there are, in two stages', () => {
    expect(others).toEqual([]);
    const known = 'FROM WORKDIR COPY RUN LABEL ENV USER VOLUME EXPOSE STOPSIGNAL HEALTHCHECK ENTRYPOINT CMD'.split(' ');
    expect([...build!, ...final!].map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('builds and runs with the same Node.js, which the program supports', () => {
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    const versions = [build!, final!].map((stage) => /^node:(\d+)-/.exec(textsOf(stage, 'FROM')[0] ?? '')?.[1]);
    expect(versions[0]).toBe(versions[1]);
    expect(Number(versions[0])).toBeGreaterThanOrEqual(Number(/\d+/.exec(engines.node)?.[0]));
  });

  it('copies what is there, and what the builder is given', () => {
    const ignore = read('packaging/Dockerfile.dockerignore').split('\n');
    for (const text of [...textsOf(build!, 'COPY'), ...textsOf(final!, 'COPY')]) {
      const words = text.split(/\s+/);
      const sources = words.slice(0, -1);
      if (sources[0]?.startsWith('--from=')) {
        expect(sources[0]).toBe('--from=build');
        continue;
      }
      for (const source of sources) {
        expect([source, existsSync(path.join(PROJECT, source))]).toEqual([source, true]);
        expect(ignore).toContain(`!${source}`);
      }
    }
  });

  it('runs as a user of its own that is not root', () => {
    const [user] = textsOf(final!, 'USER');
    expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    const names = final!.map(({ name }) => name);
    // Whatever needs root comes before.
    expect(names.lastIndexOf('RUN')).toBeLessThan(names.indexOf('USER'));
    expect(names.lastIndexOf('COPY')).toBeLessThan(names.indexOf('USER'));
    const [uid] = user!.split(':');
    expect(textsOf(final!, 'RUN').join('\n')).toContain(`--uid ${uid!} `);
  });

  it('exposes the ports that the service listens on, and asks it whether it is well', () => {
    expect(new Set(textsOf(final!, 'EXPOSE')[0]?.split(' '))).toEqual(defaultPorts());
    expect(textsOf(final!, 'HEALTHCHECK')[0]).toMatch(/CMD \["logweir", "health"\]$/);
    expect(JSON.parse(textsOf(final!, 'ENTRYPOINT')[0]!)).toEqual(['logweir']);
    expect(JSON.parse(textsOf(final!, 'CMD')[0]!)).toEqual(['serve']);
    expect(textsOf(final!, 'ENV').join(' ')).toContain('LOGWEIR_DATA_DIR=/var/lib/logweir');
    expect(textsOf(final!, 'VOLUME')).toEqual(['/var/lib/logweir']);
  });
});

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly build: { readonly context: string; readonly dockerfile: string };
        readonly environment: Readonly<Record<string, unknown>>;
        readonly ports: readonly string[];
        readonly volumes: readonly string[];
        readonly stop_grace_period: string;
        readonly cap_drop: readonly string[];
        readonly read_only: boolean;
        readonly privileged?: boolean;
      }
    >
  >;
  readonly volumes: Readonly<Record<string, unknown>>;
}

describe('packaging/compose.yaml', () => {
  const compose = parse(read('packaging/compose.yaml'), { strict: true }) as Compose;
  const service = compose.services.logweir!;

  it('is one service, built by the Dockerfile', () => {
    expect(Object.keys(compose).sort()).toEqual(['name', 'services', 'volumes']);
    expect(Object.keys(compose.services)).toEqual(['logweir']);
    const context = path.join('packaging', service.build.context);
    expect(context).toBe('.');
    expect(service.build.dockerfile).toBe('packaging/Dockerfile');
  });

  it('sets only variables that there are', () => {
    const variables = new Set([...CONFIG_ENTRIES.values()].map(({ variable }) => variable));
    expect(Object.keys(service.environment).filter((name) => !variables.has(name))).toEqual([]);
    expect(Object.values(service.environment).every((value) => typeof value === 'string')).toBe(true);
  });

  it('publishes ports that the image exposes, those without login to this host alone', () => {
    const targets = service.ports.map((text) => {
      const [, address = '', target = '', protocol = 'tcp'] = /^(?:(.+):)?\d+:(\d+)(?:\/(udp|tcp))?$/.exec(text) ?? [];
      if (target === '9113') expect(address).toBe('127.0.0.1');
      return `${target}/${protocol}`;
    });
    expect(new Set(targets)).toEqual(defaultPorts());
  });

  it('keeps the data in a volume that it declares, and has no more rights than it needs', () => {
    expect(service.volumes).toEqual(['data:/var/lib/logweir']);
    expect(Object.keys(compose.volumes)).toEqual(['data']);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.read_only).toBe(true);
    expect(service.privileged).toBeUndefined();
    const shutdown = CONFIG_ENTRIES.get('shutdown.timeout')!.key.default as number;
    expect(Number.parseInt(service.stop_grace_period, 10)).toBeGreaterThan(shutdown);
  });
});
