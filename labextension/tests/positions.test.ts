import { describe, expect, it } from 'vitest';
import { locate } from '../src/lab/positions';
import { IExtent } from '../src/protocol/kinds';

const CELL = `%%rule
@rule
async def resize(photo: Photo) -> Thumb:
    é, size = '😀', await Get(Size, Photo, photo)
    return Thumb(size)`;
const EXTENT: IExtent = {
  line: 4,
  column: 26,
  end_line: 4,
  end_column: 49,
  text: "    é, size = '😀', await Get(Size, Photo, photo)"
};
const MARKED = 'Get(Size, Photo, photo)';

const marked = (text: string, extent: IExtent = EXTENT) => {
  const found = locate(text, extent);
  return found && text.slice(found.from, found.to);
};

describe('where an extent is in a text', () => {
  it('is where the kernel has told', () => {
    expect(marked(CELL)).toBe(MARKED);
  });

  it('moves with lines above it', () => {
    expect(marked(`# one more\n\n${CELL}`)).toBe(MARKED);
    expect(marked(CELL.replace('%%rule\n', ''))).toBe(MARKED);
  });

  it('counts from the indentation that the line has', () => {
    const deeper = CELL.split('\n').map(line => `\t${line}`);
    expect(marked(deeper.join('\n'))).toBe(MARKED);
  });

  it('is at the nearest of equal lines', () => {
    const text = `${CELL}\n\n${CELL}`;
    expect(locate(text, EXTENT)?.from).toBe(text.indexOf(MARKED));
    expect(locate(text, { ...EXTENT, line: 10, end_line: 10 })?.from).toBe(text.lastIndexOf(MARKED));
  });

  it('is nowhere when its line has gone or is another', () => {
    expect(locate('', EXTENT)).toBeNull();
    expect(locate(CELL.replace('size =', 'length ='), EXTENT)).toBeNull();
  });

  it('goes over several lines, as far as they are there', () => {
    const text = 'a = await Get(  # 😀\n    Size,\n)\nb';
    const extent = { line: 1, column: 10, end_line: 3, end_column: 1, text: 'a = await Get(  # 😀' };
    expect(marked(text, extent)).toBe('Get(  # 😀\n    Size,\n)');
    expect(marked('a = await Get(  # 😀', extent)).toBe('Get(  # 😀');
  });
});
