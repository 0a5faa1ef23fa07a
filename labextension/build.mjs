// Bundles each view into wfnb/widgets/static: `node build.mjs`; with --check it only compares.
//
// The bundles are committed, so that neither users nor an installation need Node. sources.sha256
// says what they were made from: a test without Node can tell when the sources have moved on.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, '..', 'wfnb', 'widgets', 'static');
const views = readdirSync(join(here, 'src', 'widgets'))
  .filter(name => name.endsWith('.view.ts'))
  .map(name => name.slice(0, -'.view.ts'.length))
  .sort();

/** All that the bundles depend on, by path. */
function sources() {
  const found = ['build.mjs', 'package-lock.json'];
  const read = folder => {
    for (const entry of readdirSync(join(here, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (path !== 'src/lab') read(path);
      } else if (/\.(ts|css)$/.test(entry.name)) {
        found.push(path);
      }
    }
  };
  read('src');
  return found.sort();
}

/** One hash over paths and texts. */
function digest() {
  const hash = createHash('sha256');
  for (const path of sources()) {
    const text = readFileSync(join(here, path), 'utf8').replaceAll('\r\n', '\n');
    hash.update(`${path}\0${text}\0`);
  }
  return hash.digest('hex');
}

async function bundles() {
  const done = await build({
    absWorkingDir: here,
    entryPoints: Object.fromEntries(views.map(name => [name, `src/widgets/${name}.view.ts`])),
    bundle: true,
    charset: 'utf8',
    format: 'esm',
    legalComments: 'none',
    logLevel: 'warning',
    minify: true,
    outdir: target,
    target: 'es2021',
    write: false
  });
  const files = new Map(done.outputFiles.map(one => [relative(target, one.path), one.text]));
  files.set('sources.sha256', `${digest()}\n`);
  return files;
}

const files = await bundles();
const known = existsSync(target) ? readdirSync(target) : [];
if (process.argv.includes('--check')) {
  const read = name => readFileSync(join(target, name), 'utf8');
  const wrong = [
    ...[...files].filter(([name, text]) => !known.includes(name) || read(name) !== text),
    ...known.filter(name => !files.has(name)).map(name => [name])
  ].map(([name]) => name);
  if (wrong.length) {
    console.error(`not as built from these sources: ${wrong.join(', ')}; run: npm run build`);
    process.exit(1);
  }
} else {
  mkdirSync(target, { recursive: true });
  for (const name of known.filter(name => !files.has(name))) rmSync(join(target, name));
  for (const [name, text] of files) writeFileSync(join(target, name), text);
}
