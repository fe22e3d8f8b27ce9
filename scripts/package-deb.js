// npm run package:deb [-- OPTION...]: builds a Debian package of the built program and the modules it needs.
//   --out FOLDER        where the package goes (default: dist-packages)
//   --version VERSION   version of the package (default: that of package.json)
//   --arch ARCH         amd64 or arm64; only the one this runs on, as native modules are built for it (default)
//   --bundle-node       brings Node.js along (npm package node-linux-*), instead of depending on nodejs
//   --compression NAME  xz (default), gzip (quick) or none
// The same sources give the same package, byte by byte, when SOURCE_DATE_EPOCH is the same (default: the last commit's time).
'use strict';

const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');
const zlib = require('node:zlib');
const { ensureReady } = require('./ensure-ready');

const root = path.join(__dirname, '..');
const manifest = require('../package.json');

const MAINTAINER = 'Logweir maintainers <maintainers@logweir.invalid>';

/** Debian's name of each processor, npm's, and its number in ELF files. */
const ARCHITECTURES = {
  amd64: { npm: 'x64', elfMachine: 62 },
  arm64: { npm: 'arm64', elfMachine: 183 },
};
/** Offset of the processor's number in an ELF file. */
const ELF_MACHINE_OFFSET = 18;

/** What a module needs to be built or read about, and not to run. */
const NOT_NEEDED = /\.(d\.[cm]?ts|map|md|markdown|[cm]?ts|tsx|flow|c|cc|cpp|h|hpp|o|a|d|gyp|gypi|mk|stamp|log|sh)$/i;
const NEVER_LEFT_OUT = /^(license|licence|copying|notice)/i;
const FOLDERS_NOT_NEEDED = new Set([
  '.github',
  '.vscode',
  'obj',
  'obj.target',
  '.deps',
  '.bin',
  'deps',
  'bench',
  'benchmark',
  'benchmarks',
]);

function main() {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: path.join(root, 'dist-packages') },
      version: { type: 'string', default: manifest.version },
      arch: { type: 'string', default: hostArchitecture() },
      'bundle-node': { type: 'boolean', default: false },
      compression: { type: 'string', default: 'xz' },
    },
  });
  const architecture = ARCHITECTURES[values.arch];
  if (architecture === undefined) fail(`--arch is one of ${Object.keys(ARCHITECTURES).join(', ')}`);
  if (architecture.npm !== process.arch) {
    fail(`native modules here are built for ${process.arch}: build the ${values.arch} package on such a machine`);
  }
  ensureReady();
  const epoch = Number(process.env.SOURCE_DATE_EPOCH || lastCommitTime());
  const staging = fs.mkdtempSync(path.join(os.tmpdir(), 'logweir-deb-'));
  try {
    const file = build(staging, { ...values, bundleNode: values['bundle-node'], architecture, epoch });
    console.log(file);
  } finally {
    fs.rmSync(staging, { recursive: true, force: true });
  }
}

function build(staging, options) {
  const { version, arch, epoch, out, compression } = options;
  const library = path.join(staging, 'usr/lib/logweir');
  copyProgram(library);
  checkNatives(library, options.architecture);
  if (options.bundleNode) bundleNode(library, options.architecture);
  installHostFiles(staging, options);

  const debian = path.join(staging, 'DEBIAN');
  fs.mkdirSync(debian);
  for (const name of ['postinst', 'prerm', 'postrm']) {
    put(path.join(root, 'packaging/debian', name), path.join(debian, name), 0o755);
  }
  write(path.join(debian, 'conffiles'), '/etc/logweir/logweir.yaml\n');
  const files = listFiles(staging).filter((file) => !file.startsWith('DEBIAN/'));
  const kib = Math.ceil(files.reduce((sum, file) => sum + fs.lstatSync(path.join(staging, file)).size, 0) / 1024);
  write(path.join(debian, 'control'), control({ ...options, kib, libraries: neededLibraries(staging) }));
  const sums = files
    .filter((file) => !file.startsWith('etc/') && fs.lstatSync(path.join(staging, file)).isFile())
    .map((file) => `${md5(path.join(staging, file))}  ${file}\n`);
  write(path.join(debian, 'md5sums'), sums.join(''));
  setTimes(staging, epoch);

  fs.mkdirSync(out, { recursive: true });
  const target = path.join(path.resolve(out), `logweir_${version}_${arch}.deb`);
  execFileSync(
    'dpkg-deb',
    ['--root-owner-group', `-Z${compression}`, ...(compression === 'gzip' ? ['-z1'] : []), '--build', staging, target],
    {
      env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  return target;
}

/** The built program and the modules that package-lock.json says it needs while it runs. */
function copyProgram(library) {
  for (const name of ['package.json', 'config/logweir.yaml'])
    put(path.join(root, name), path.join(library, name), 0o644);
  copyTree(
    path.join(root, 'dist'),
    path.join(library, 'dist'),
    (name) => !/\.(d\.ts|map|tsbuildinfo)$/.test(name) && !name.startsWith('.'),
  );
  const { packages } = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  for (const [name, entry] of Object.entries(packages)) {
    const source = path.join(root, name);
    // Types have no code. Optional modules for other systems are not installed.
    if (name === '' || entry.dev || entry.devOptional || name.includes('/@types/') || !fs.existsSync(source)) continue;
    copyTree(source, path.join(library, name), isNeeded);
  }
  // What better-sqlite3 builds beside itself, and argon2 for other systems.
  fs.rmSync(path.join(library, 'node_modules/better-sqlite3/build/Release/test_extension.node'), { force: true });
  const prebuilds = path.join(library, 'node_modules/argon2/prebuilds');
  for (const name of fs.existsSync(prebuilds) ? fs.readdirSync(prebuilds) : []) {
    if (name !== `linux-${process.arch}`) fs.rmSync(path.join(prebuilds, name), { recursive: true });
  }
  for (const file of listFiles(library).filter((name) => /musl\.node$/.test(name))) fs.rmSync(path.join(library, file));
}

function isNeeded(name, isFolder) {
  if (isFolder) return name !== 'node_modules' && !FOLDERS_NOT_NEEDED.has(name);
  return NEVER_LEFT_OUT.test(name) || (!NOT_NEEDED.test(name) && !name.startsWith('.'));
}

function copyTree(source, target, wanted) {
  for (const entry of fs.readdirSync(source, { withFileTypes: true })) {
    if (!wanted(entry.name, entry.isDirectory())) continue;
    const from = path.join(source, entry.name);
    const to = path.join(target, entry.name);
    if (entry.isDirectory()) copyTree(from, to, wanted);
    else if (entry.isFile()) put(from, to, 0o644);
  }
}

/** Native modules must be for the package's processor; their debugging symbols stay behind. */
function checkNatives(library, architecture) {
  for (const name of listFiles(library).filter((file) => file.endsWith('.node'))) {
    const file = path.join(library, name);
    const machine = fs.readFileSync(file).readUInt16LE(ELF_MACHINE_OFFSET);
    if (machine !== architecture.elfMachine) fail(`${name} is built for another processor (ELF machine ${machine})`);
    spawnSync('strip', ['--strip-unneeded', '--remove-section=.comment', '--remove-section=.note', file]);
  }
}

/** Node.js of the very version that the native modules were built with. */
function bundleNode(library, architecture) {
  const folder = path.join(library, 'node');
  fs.mkdirSync(folder, { recursive: true });
  write(path.join(folder, 'package.json'), '{}');
  const wanted = `node-linux-${architecture.npm}@${process.versions.node}`;
  execFileSync('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', wanted], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const source = path.join(folder, 'node_modules', `node-linux-${architecture.npm}`);
  put(path.join(source, 'bin/node'), path.join(library, 'bin/node'), 0o755);
  put(path.join(source, 'LICENSE'), path.join(library, 'bin/LICENSE.node'), 0o644);
  fs.rmSync(folder, { recursive: true });
  spawnSync('strip', ['--strip-unneeded', path.join(library, 'bin/node')]);
}

/** What lies outside of the program's own folder. */
function installHostFiles(staging, { version, epoch, bundleNode: bundled }) {
  const { bashCompletion, loadProgram, manualPages } = require('./command-pages');
  const at = (name) => path.join(staging, name);
  const node = bundled ? '/usr/lib/logweir/bin/node' : '/usr/bin/node';
  write(at('usr/bin/logweir'), `#!/bin/sh\nexec ${node} /usr/lib/logweir/dist/cli/main.js "$@"\n`, 0o755);
  put(path.join(root, 'systemd/notify-exec'), at('usr/lib/logweir/notify-exec'), 0o755);
  for (const unit of ['logweir.service', 'logweir.socket']) {
    put(path.join(root, 'systemd', unit), at(`lib/systemd/system/${unit}`), 0o644);
  }
  put(path.join(root, 'packaging/debian/logweir.sysusers'), at('usr/lib/sysusers.d/logweir.conf'), 0o644);
  const settings = fs.readFileSync(path.join(root, 'config/logweir.yaml'), 'utf8');
  const placed = settings.replace(/^data_dir: .*$/m, "data_dir: '/var/lib/logweir'");
  if (placed === settings) fail('config/logweir.yaml has no data_dir');
  write(at('etc/logweir/logweir.yaml'), placed, 0o640);

  const program = loadProgram();
  for (const [name, page] of manualPages(program, { version, date: new Date(epoch * 1000) })) {
    write(at(`usr/share/man/man1/${name}.gz`), gzip(page));
  }
  write(at('usr/share/bash-completion/completions/logweir'), bashCompletion(program));
  put(path.join(root, 'packaging/debian/copyright'), at('usr/share/doc/logweir/copyright'), 0o644);
  write(at('usr/share/doc/logweir/changelog.gz'), gzip(debianChangelog(version, epoch)));
  for (const name of ['rsyslog', 'syslog-ng', 'otel-collector.yaml']) {
    const source = path.join(root, 'packaging', name);
    const target = at(`usr/share/doc/logweir/examples/${name}`);
    if (fs.statSync(source).isDirectory()) copyTree(source, target, () => true);
    else put(source, target, 0o644);
  }
  put(path.join(root, 'packaging/debian/lintian-overrides'), at('usr/share/lintian/overrides/logweir'), 0o644);
}

/** CHANGELOG.md in Debian's form (deb-changelog(5)): the version that is packaged first, then the releases before it. */
function debianChangelog(version, epoch) {
  const text = fs.readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8');
  const entries = [];
  for (const section of text.split(/^## /m).slice(1)) {
    const [, name, date] = /^\[(\d[^\]]*)\](?: - (\S+))?/.exec(section) || [];
    if (name === undefined) continue;
    // An item may go on in lines below it.
    const items = section
      .split(/^- /m)
      .slice(1)
      .map((item) =>
        item
          .split(/\n\n|\n#/)[0]
          .replace(/\s+/g, ' ')
          .trim(),
      );
    entries.push(changelogEntry(name, date ? Date.parse(date) : epoch * 1000, items));
  }
  if (!entries.some((entry) => entry.startsWith(`logweir (${version}) `))) {
    entries.unshift(changelogEntry(version, epoch * 1000, ['A build from the sources between two releases.']));
  }
  return entries.join('\n');
}

function changelogEntry(version, time, items) {
  const date = new Date(time).toUTCString().replace('GMT', '+0000');
  const lines = items.map((item) => `  * ${wrapped(item, 74).join('\n    ')}`);
  return `logweir (${version}) stable; urgency=medium\n\n${lines.join('\n')}\n\n -- ${MAINTAINER}  ${date}\n`;
}

function wrapped(text, width) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1];
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

function control({ version, arch, kib, libraries, bundleNode: bundled }) {
  const [major] = process.versions.node.split('.');
  const [, lowest, beyond] = /^>=\s*([\d.]+)\s+<\s*([\d.]+)$/.exec(manifest.engines.node);
  // Native modules are built for one major version of Node.js.
  const floor = major === lowest.split('.')[0] ? lowest : major;
  const ceiling = major === beyond.split('.')[0] ? beyond : Number(major) + 1;
  const node = bundled ? [] : [`nodejs (>= ${floor})`, `nodejs (<< ${ceiling}~)`];
  const depends = [...libraries, ...node, 'systemd | systemd-standalone-sysusers | systemd-sysusers'];
  return `Package: logweir
Version: ${version}
Architecture: ${arch}
Maintainer: ${MAINTAINER}
Installed-Size: ${kib}
Depends: ${depends.join(', ')}
Section: admin
Priority: optional
Description: log collector appliance
 Takes in syslog, OpenTelemetry and HTTP, runs records through pipelines that
 transform, filter and route them, and keeps them compressed and queryable in
 streams. Administered over a REST API and from the command line.
`;
}

/** Packages with the shared libraries that the native modules need. */
function neededLibraries(staging) {
  const natives = listFiles(staging).filter((file) => /\.node$|\/bin\/node$/.test(file));
  const workspace = path.join(staging, '..', `${path.basename(staging)}-shlibs`);
  fs.mkdirSync(path.join(workspace, 'debian'), { recursive: true });
  write(path.join(workspace, 'debian/control'), 'Source: logweir\n\nPackage: logweir\nArchitecture: any\n');
  try {
    const binaries = natives.map((file) => `-e${path.join(staging, file)}`);
    const result = spawnSync('dpkg-shlibdeps', ['-O', '--ignore-missing-info', ...binaries], {
      cwd: workspace,
      encoding: 'utf8',
    });
    const found = /^shlibs:Depends=(.*)$/m.exec(result.stdout || '');
    // Without dpkg-dev: what every C++ program needs.
    return found === null ? ['libc6', 'libgcc-s1', 'libstdc++6'] : found[1].split(', ');
  } finally {
    fs.rmSync(workspace, { recursive: true });
  }
}

/** Paths of all files, sorted. */
function listFiles(folder, prefix = '') {
  const files = [];
  for (const entry of fs.readdirSync(path.join(folder, prefix), { withFileTypes: true })) {
    const name = path.join(prefix, entry.name);
    if (entry.isDirectory()) files.push(...listFiles(folder, name));
    else files.push(name);
  }
  return files.sort();
}

function setTimes(folder, epoch) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) setTimes(name, epoch);
    else fs.utimesSync(name, epoch, epoch);
  }
  fs.utimesSync(folder, epoch, epoch);
  fs.chmodSync(folder, folder.endsWith('/etc/logweir') ? 0o750 : 0o755);
}

function put(source, target, mode) {
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.copyFileSync(source, target);
  fs.chmodSync(target, mode);
}

function write(file, data, mode = 0o644) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, data);
  fs.chmodSync(file, mode);
}

/** Without name and time, so that the same text gives the same bytes. */
function gzip(text) {
  return zlib.gzipSync(text, { level: 9 });
}

function md5(file) {
  return require('node:crypto').createHash('md5').update(fs.readFileSync(file)).digest('hex');
}

function lastCommitTime() {
  const result = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' });
  return result.status === 0 ? result.stdout.trim() : String(Math.floor(Date.now() / 1000));
}

function hostArchitecture() {
  const found = Object.entries(ARCHITECTURES).find(([, { npm }]) => npm === process.arch);
  return found === undefined ? process.arch : found[0];
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

main();
