// Writes package-lock.json afresh: `node lock.mjs`.
//
// The packages of one JupyterLab release may reach a registry at different times, and a range then
// picks a newest version whose own dependencies are not there yet. So the direct dependencies are
// locked at a release that is there in full, and the wide ranges are put back: they decide which
// JupyterLab takes the built extension.

import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RELEASE = '4.6.4'; // of JupyterLab; these of its packages have numbers of their own
const PINS = {
  '@jupyterlab/apputils': '4.7.4',
  '@jupyterlab/rendermime-interfaces': '3.14.4',
  '@jupyterlab/services': '7.6.4'
};

const here = dirname(fileURLToPath(import.meta.url));
const file = join(here, 'package.json');
const text = readFileSync(file, 'utf8');
const lock = () =>
  execFileSync('npm', ['install', '--package-lock-only'], { cwd: here, stdio: 'inherit' });

rmSync(join(here, 'package-lock.json'), { force: true });
try {
  const data = JSON.parse(text);
  for (const name of Object.keys(data.dependencies)) {
    if (name.startsWith('@jupyterlab/')) {
      data.dependencies[name] = PINS[name] ?? RELEASE;
    }
  }
  writeFileSync(file, `${JSON.stringify(data, null, 2)}\n`);
  lock();
} finally {
  writeFileSync(file, text);
}
lock();
