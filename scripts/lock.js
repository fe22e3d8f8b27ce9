// One install or build at a time, also when `npm start` and `npm test` begin together on a fresh clone.
'use strict';

const fs = require('fs');
const path = require('path');

/** In dist, because npm ci removes node_modules. */
const folder = path.join(__dirname, '..', 'dist');
const lockFile = path.join(folder, '.lock');
const POLL_MS = 200;

/** Runs an action while no other process runs one. */
function withLock(action) {
  fs.mkdirSync(folder, { recursive: true });
  let told = false;
  while (!take()) {
    if (!told) console.error('Waiting for another install or build (' + lockFile + ')...');
    told = true;
    sleep(POLL_MS);
  }
  // The action may exit the process.
  process.on('exit', release);
  try {
    return action();
  } finally {
    process.off('exit', release);
    release();
  }
}

function take() {
  try {
    fs.writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (!isHeld()) fs.rmSync(lockFile, { force: true });
  return false;
}

/** False when the process that took the lock is gone (killed, or before a reboot). */
function isHeld() {
  let holder;
  try {
    holder = fs.readFileSync(lockFile, 'utf8');
  } catch {
    return true;
  }
  // Empty between the creation of the file and the writing of the number.
  if (holder === '') return Date.now() - fs.statSync(lockFile).mtimeMs < POLL_MS * 10;
  try {
    process.kill(Number(holder), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function release() {
  fs.rmSync(lockFile, { force: true });
}

function sleep(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

module.exports = { withLock };
