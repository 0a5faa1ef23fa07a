/**
 * Elements: how every view makes its DOM.
 *
 * Holds: what users wrote (names, docstrings, values, errors) gets in as text, never as markup.
 */

type Attributes = { readonly [name: string]: string | number | boolean | null | undefined };
type Child = Node | string | null | undefined | false;

const SVG = 'http://www.w3.org/2000/svg';

/** An HTML element; true is an empty attribute, null and false are none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** Set attributes; null and false take one away. */
export function set(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) {
      element.removeAttribute(name);
    } else {
      const text = value === true ? '' : String(value);
      if (element.getAttribute(name) !== text) {
        element.setAttribute(name, text);
      }
    }
  }
}

/** Have a button do nothing, or something again. It keeps the focus: `disabled` would take it away. */
export function enable(button: HTMLButtonElement, isAble: boolean): void {
  set(button, { 'aria-disabled': !isAble && 'true' });
}

/** Whether the focus is on an element. */
export function hasFocus(element: HTMLElement): boolean {
  const root = element.getRootNode() as Document | ShadowRoot;
  return root.activeElement === element;
}

function fill<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  set(element, attributes);
  element.append(...children.filter((one): one is Node | string => one !== null && one !== undefined && one !== false));
  return element;
}
