/** Talking with a kernel beside a cell, as far as it needs no kernel. */

import { Kernel } from '@jupyterlab/services';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Beside } from '../src/lab/beside';

interface ISent {
  readonly kind: string;
  readonly shell: string | undefined;
  readonly content: unknown;
}

class FakeKernel {
  readonly sent: ISent[] = [];
  readonly deleted: unknown[] = [];
  readonly username = 'me';
  readonly clientId = 'here';
  readonly isDisposed = false;
  readonly supportsSubshells = true;
  tell: () => void = () => undefined;
  readonly info = new Promise<void>(done => (this.tell = done));

  constructor(private readonly replies: { readonly [kind: string]: object }) {}

  readonly sendControlMessage = (message: never) => this.send(message);
  readonly sendShellMessage = (message: never) => this.send(message);

  requestDeleteSubshell(content: unknown): { readonly done: Promise<void> } {
    this.deleted.push(content);
    return { done: Promise.resolve() };
  }

  private send(message: {
    readonly header: { readonly msg_type: string; readonly subshell_id?: string };
    readonly content: unknown;
  }): { readonly done: Promise<object> } {
    const { msg_type: kind, subshell_id: shell } = message.header;
    this.sent.push({ kind, shell, content: message.content });
    return { done: Promise.resolve({ content: this.replies[kind] ?? {} }) };
  }
}

const ABLE = {
  kernel_info_request: { supported_features: ['kernel subshells'] },
  create_subshell_request: { subshell_id: 'beside' },
  comm_info_request: { status: 'ok', comms: { id: { target_name: 'wfnb' } } }
};
const asKernel = (kernel: FakeKernel) => kernel as unknown as Kernel.IKernelConnection;

async function after(kernel: FakeKernel): Promise<Beside | null> {
  const found = Beside.of(asKernel(kernel));
  await vi.advanceTimersByTimeAsync(4_000);
  return found;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', globalThis);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a kernel that tells of itself soon is asked nothing', async () => {
  const kernel = new FakeKernel(ABLE);
  kernel.tell();
  expect(await after(kernel)).toBeNull();
  expect(kernel.sent).toEqual([]);
});

test('one without subshells is asked for no more than what it can do', async () => {
  for (const features of [undefined, 'kernel subshells', ['debugger']]) {
    const kernel = new FakeKernel({ kernel_info_request: { supported_features: features } });
    expect(await after(kernel)).toBeNull();
    expect(kernel.sent.map(one => one.kind)).toEqual(['kernel_info_request']);
  }
});

test('a busy one is talked with on a subshell, until it tells of itself', async () => {
  const kernel = new FakeKernel(ABLE);
  const beside = await after(kernel);
  expect(beside?.isNeeded).toBe(true);
  expect(Object.keys((await beside!.comms('wfnb') as typeof ABLE.comm_info_request).comms)).toEqual(['id']);
  beside!.open({ commId: 'c', targetName: 't' } as Kernel.IComm, { page: 'p' });
  expect(kernel.sent.slice(2)).toEqual([
    { kind: 'comm_info_request', shell: 'beside', content: { target_name: 'wfnb' } },
    {
      kind: 'comm_open',
      shell: 'beside',
      content: { comm_id: 'c', target_name: 't', data: { page: 'p' } }
    }
  ]);

  kernel.tell();
  await vi.advanceTimersByTimeAsync(1_000);
  expect([beside!.isNeeded, kernel.deleted]).toEqual([false, []]); // the last message may wait there
  await vi.advanceTimersByTimeAsync(5_000);
  expect(kernel.deleted).toEqual([{ subshell_id: 'beside' }]);
});

test('the subshell of a kernel that has gone is left alone', async () => {
  const kernel = new FakeKernel(ABLE);
  const beside = await after(kernel);
  beside!.forget();
  kernel.tell();
  await vi.advanceTimersByTimeAsync(10_000);
  expect([beside!.isNeeded, kernel.deleted]).toEqual([false, []]);
});
