/**
 * The anywidget side of a view: its model, and the feed that it carries.
 *
 * Knows: traits and custom messages. Does not know: what a view shows.
 */

import { Feed } from '../protocol/feed';

/** What anywidget hands to `render`; as much of it as views use. */
export interface IModel {
  get(name: string): unknown;
  on(event: string, listener: (...data: never[]) => void): void;
  off(event: string, listener: (...data: never[]) => void): void;
  /** The front end's; what it can do differs. */
  readonly widget_manager?: unknown;
}

export interface IRender {
  readonly model: IModel;
  readonly el: HTMLElement;
}

/** The feed of a model, and what ends it. */
export function feedOf(model: IModel): { feed: Feed; end: () => void } {
  const feed = new Feed();
  const checkpoint = () => feed.take(parsed(model.get('snapshot')));
  const message = (data: unknown) => feed.take(data);
  model.on('change:snapshot', checkpoint);
  model.on('msg:custom', message);
  checkpoint();
  return {
    feed,
    end: () => {
      model.off('change:snapshot', checkpoint);
      model.off('msg:custom', message);
    }
  };
}

/** The value of a trait that holds JSON text; null when it is empty. */
export function parsed(text: unknown): unknown {
  return typeof text === 'string' && text ? JSON.parse(text) : null;
}
