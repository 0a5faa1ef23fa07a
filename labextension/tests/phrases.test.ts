import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const SRC = join(dirname(fileURLToPath(import.meta.url)), '..', 'src');
const VIEWS = ['dom', 'problems', 'graph', 'progress', 'story', 'saved', 'widgets'];
const KEYS = /^(Arrow(Left|Right|Up|Down)|Page(Up|Down)|Enter|Escape|Home|End)$/;
const NOT_SHOWN = /^(class|className|d|transform|viewBox)$/;
const NOT_CALLED = /(querySelector(All)?|closest|matchMedia)$/;
// compared with what a kernel tells, or with what was shown before; units, which are not translated
const NOT_PROSE = new RegExp(
  '^(asked for the first time|put back|cut off|open input|started over' +
    '|source …|none …|group …|…px|… min … s|… h … min)$'
);

interface ISaid {
  readonly where: string;
  readonly isPlural: boolean;
  readonly phrases: readonly string[];
  /** null if they are spread. */
  readonly values: number | null;
}

const files = (folders: readonly string[]) =>
  folders.flatMap(folder =>
    readdirSync(join(SRC, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .map(name => `${folder}/${name}`)
  );

const parsed = (name: string) =>
  ts.createSourceFile(name, readFileSync(join(SRC, name), 'utf8'), ts.ScriptTarget.ES2021, true);

const at = (node: ts.Node) => {
  const file = node.getSourceFile();
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
};

/** How a call translates; null if it does not. */
const kindOf = (node: ts.Node): 'one' | 'many' | null => {
  const name = ts.isCallExpression(node) ? node.expression.getText() : '';
  return /^tr$|\btrans\.__$/.test(name) ? 'one' : /^trn$|\btrans\._n$/.test(name) ? 'many' : null;
};

/** The text of a literal, or of several put together with "+"; null of anything else. */
const literal = (node: ts.Node | undefined): string | null => {
  if (node && ts.isStringLiteral(node)) {
    return node.text;
  }
  if (node && ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [literal(node.left), literal(node.right)];
    return left !== null && right !== null ? left + right : null;
  }
  return null;
};

const walk = (node: ts.Node, look: (node: ts.Node) => boolean): void => {
  if (look(node)) {
    node.forEachChild(child => walk(child, look));
  }
};

const said: ISaid[] = [];
const odd: string[] = [];
for (const name of files([...VIEWS, 'lab'])) {
  walk(parsed(name), node => {
    const kind = kindOf(node);
    if (kind && ts.isCallExpression(node)) {
      const isPlural = kind === 'many';
      const found = node.arguments.slice(0, isPlural ? 2 : 1).map(literal);
      const phrases = found.filter((one): one is string => one !== null);
      if (phrases.length < found.length) {
        odd.push(at(node));
      }
      const values = node.arguments.slice(isPlural ? 2 : 1);
      const isSpread = values.some(ts.isSpreadElement);
      said.push({ where: at(node), isPlural, phrases, values: isSpread ? null : values.length });
    }
    return true;
  });
}

/** Literals with words in them that get on a page without a translation, as far as one can see. */
const bare = (name: string): string[] => {
  const found: string[] = [];
  walk(parsed(name), node => {
    if (
      kindOf(node) ||
      ts.isImportDeclaration(node) ||
      ts.isExportDeclaration(node) ||
      ts.isTypeNode(node) ||
      (ts.isNewExpression(node) && node.expression.getText() === 'Error') ||
      (ts.isPropertyAssignment(node) && NOT_SHOWN.test(node.name.getText())) ||
      (ts.isBinaryExpression(node) && /className$/.test(node.left.getText())) ||
      (ts.isCallExpression(node) && NOT_CALLED.test(node.expression.getText()))
    ) {
      return false;
    }
    const text = ts.isStringLiteralLike(node)
      ? node.text
      : ts.isTemplateExpression(node)
        ? [node.head, ...node.templateSpans.map(one => one.literal)]
            .map(one => one.text)
            .join('…')
        : '';
    const isProse = /[A-Za-z]{2,}[,.:;]? [A-Za-z…]|… ?[A-Za-z]{2,}|^[A-Z][a-z]/.test(text);
    if (isProse && !KEYS.test(text) && !NOT_PROSE.test(text)) {
      found.push(`${at(node)} ${text}`);
    }
    return true;
  });
  return found;
};

describe('phrases', () => {
  it('are literals, so that tools find them', () => {
    expect(odd).toEqual([]);
    expect(said.length).toBeGreaterThan(300);
  });

  it('have a place for each value, and a value for each place', () => {
    const isWrong = (phrase: string, values: number, least: number) => {
      const places = [...phrase.matchAll(/%(\d)/g)].map(found => Number(found[1]));
      const wanted = Array.from({ length: values - least + 1 }, (_, n) => n + least);
      return places.some(one => one > values) || wanted.some(one => !places.includes(one));
    };
    const wrong = said.flatMap(({ where, isPlural, phrases, values }) =>
      phrases // of some the number need not be named
        .filter(one => values !== null && isWrong(one, values, isPlural ? 2 : 1))
        .map(one => `${where} ${one}`)
    );
    expect(wrong).toEqual([]);
  });

  it('have a plural always or never, as catalogues want it', () => {
    const plural = new Set(said.filter(one => one.isPlural).map(one => one.phrases[0]));
    const both = said.filter(one => !one.isPlural && plural.has(one.phrases[0]));
    expect(both.map(one => `${one.where} ${one.phrases[0]}`)).toEqual([]);
  });

  it('all pass the translator', () => {
    expect(files(VIEWS).flatMap(bare)).toEqual([]);
  });
});
