// Builds the JupyterLab extension into wfnb/labextension: `node lab.mjs`; with --check it only compares.
//
// esbuild makes one module of src/lab and the views, @jupyter/builder makes of that what JupyterLab
// loads. That happens in a folder of its own, .lab, with a package.json that says what JupyterLab
// has to know and no more. The result is committed, as the views are, and does not depend on where
// it was built: module ids are numbers, not hashes of paths.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const stage = join(here, '.lab');
const built = join(stage, 'built');
const target = join(here, '..', 'wfnb', 'labextension');
const { version, license, dependencies } = JSON.parse(
  readFileSync(join(here, 'package.json'), 'utf8')
);

// What we need of JupyterLab; the builder would require the version it was built with, and every
// older one would warn of each package.
const ranges = Object.entries(dependencies).map(([name, range]) => [
  name,
  { requiredVersion: range }
]);

const PACKAGE = {
  name: 'wfnb',
  version,
  description: 'Rules in notebook cells: problems where they are written, state where it belongs',
  license,
  main: 'lib/index.js',
  styleModule: 'lib/style.js',
  dependencies,
  jupyterlab: {
    extension: true,
    outputDir: 'built',
    schemaDir: 'schema',
    webpackConfig: './rspack.config.cjs',
    // a copy of our own: another extension's would show its diagnostics in place of ours
    sharedPackages: { ...Object.fromEntries(ranges), '@codemirror/lint': false }
  }
};
const RSPACK = "module.exports = { optimization: { moduleIds: 'natural', chunkIds: 'named' } };\n";

/** The files under a folder, by path from there. */
function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
    .map(name => name.replaceAll('\\', '/'))
    .sort();
}

/** One hash over the paths and texts of all that the extension depends on. */
function digest() {
  const found = ['lab.mjs', 'package.json', 'package-lock.json'];
  for (const folder of ['schema', 'src']) {
    found.push(...files(join(here, folder)).map(name => `${folder}/${name}`));
  }
  const hash = createHash('sha256');
  for (const path of found.filter(name => !name.startsWith('src/widgets/')).sort()) {
    const text = readFileSync(join(here, path), 'utf8').replaceAll('\r\n', '\n');
    hash.update(`${path}\0${text}\0`);
  }
  return hash.digest('hex');
}

async function bundle() {
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(join(stage, 'lib'), { recursive: true });
  cpSync(join(here, 'schema'), join(stage, 'schema'), { recursive: true });
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(PACKAGE, null, 2)}\n`);
  writeFileSync(join(stage, 'rspack.config.cjs'), RSPACK);
  writeFileSync(join(stage, 'lib', 'style.js'), "import './index.css';\n");
  await build({
    absWorkingDir: here,
    entryPoints: { index: 'src/lab/index.ts' },
    bundle: true,
    charset: 'utf8',
    format: 'esm',
    legalComments: 'none',
    logLevel: 'warning',
    outdir: join(stage, 'lib'),
    packages: 'external',
    target: 'es2021'
  });
  const modules = join(here, 'node_modules');
  const builder = join(modules, '@jupyter', 'builder', 'lib', 'build-labextension.js');
  const core = join(modules, '@jupyterlab', 'core-meta', 'core.package.json');
  try {
    const options = { cwd: here, encoding: 'utf8', stdio: 'pipe' };
    execFileSync(process.execPath, [builder, '--core-package-file', core, stage], options);
  } catch (error) {
    console.error(`${error.stdout}\n${error.stderr}`);
    process.exit(1);
  }
  writeFileSync(join(built, 'sources.sha256'), `${digest()}\n`);
}

await bundle();
if (process.argv.includes('--check')) {
  const names = [...new Set([...files(built), ...files(target)])];
  const text = (folder, name) => {
    try {
      return readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
    } catch {
      return null;
    }
  };
  // what pip writes there when the folder is linked into an environment
  const wrong = names.filter(
    name => name !== 'install.json' && text(built, name) !== text(target, name)
  );
  if (wrong.length) {
    console.error(`not as built from these sources: ${wrong.join(', ')}; run: npm run build`);
    process.exit(1);
  }
} else {
  rmSync(target, { recursive: true, force: true });
  cpSync(built, target, { recursive: true });
}
rmSync(stage, { recursive: true });
