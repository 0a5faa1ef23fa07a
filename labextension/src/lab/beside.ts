/**
 * Beside a cell: how a kernel is talked with that was busy already when the page came.
 *
 * JupyterLab hears from such a kernel that it has subshells only when the cell has ended. Until
 * then this asks on the control channel, and sends what may not wait on a subshell of its own.
 *
 * Knows: messages of kernels. Does not know: what is asked.
 * Holds: a kernel that answers soon, or has no subshells, is sent nothing on a subshell.
 */

import { Kernel, KernelMessage } from '@jupyterlab/services';
import { JSONObject } from '@lumino/coreutils';

const SOON_MS = 4_000; // JupyterLab itself waits for three seconds before it sends what it has kept
const SERVED_MS = 5_000; // what was sent last is served before its subshell goes

export class Beside {
  /** Whether the kernel has still not told of itself. */
  isNeeded = true;
  private isThere = true;

  private constructor(
    private readonly kernel: Kernel.IKernelConnection,
    private readonly shell: string
  ) {}

  /** A way beside the cell that runs; null if there is no need of one, or none. */
  static async of(kernel: Kernel.IKernelConnection): Promise<Beside | null> {
    if (await isFree(kernel)) {
      return null;
    }
    const about = await control(kernel, 'kernel_info_request');
    const features = about['supported_features'];
    if (!Array.isArray(features) || !features.includes('kernel subshells')) {
      return null;
    }
    const made = await control(kernel, 'create_subshell_request');
    const shell = made['subshell_id'];
    if (typeof shell !== 'string') {
      return null;
    }
    const beside = new Beside(kernel, shell);
    void kernel.info.then(
      () => beside.end(),
      () => undefined // it has gone
    );
    return beside;
  }

  /** The kernel that had the subshell has gone. */
  forget(): void {
    this.isNeeded = this.isThere = false;
  }

  private end(): void {
    const { kernel, shell } = this;
    this.isNeeded = false;
    window.setTimeout(() => {
      if (this.isThere && !kernel.isDisposed && kernel.supportsSubshells) {
        kernel.requestDeleteSubshell({ subshell_id: shell }, true).done.catch(() => undefined);
      }
    }, SERVED_MS);
  }

  /** The comms of a target. */
  async comms(target: string): Promise<KernelMessage.ICommInfoReplyMsg['content']> {
    const { kernel, shell } = this;
    const message = KernelMessage.createMessage<KernelMessage.ICommInfoRequestMsg>({
      msgType: 'comm_info_request',
      channel: 'shell',
      username: kernel.username,
      session: kernel.clientId,
      subshellId: shell,
      content: { target_name: target }
    });
    const reply = await kernel.sendShellMessage(message, true, true).done;
    return (reply as KernelMessage.ICommInfoReplyMsg).content;
  }

  /** Open a comm. */
  open(comm: Kernel.IComm, data: JSONObject): Kernel.IShellFuture {
    const { kernel, shell } = this;
    const message = KernelMessage.createMessage<KernelMessage.ICommOpenMsg<'shell'>>({
      msgType: 'comm_open',
      channel: 'shell',
      username: kernel.username,
      session: kernel.clientId,
      subshellId: shell,
      content: { comm_id: comm.commId, target_name: comm.targetName, data }
    });
    return kernel.sendShellMessage(message, false, true);
  }
}

/** Whether the kernel tells of itself before long. */
function isFree(kernel: Kernel.IKernelConnection): Promise<boolean> {
  const late = new Promise<false>(done => window.setTimeout(() => done(false), SOON_MS));
  const told = kernel.info.then(
    () => true,
    () => true
  );
  return Promise.race([told, late]);
}

/** Ask on the control channel; both kinds are ones that a kernel answers there. */
async function control(
  kernel: Kernel.IKernelConnection,
  kind: 'kernel_info_request' | 'create_subshell_request'
): Promise<JSONObject> {
  const message = KernelMessage.createMessage<KernelMessage.ICreateSubshellRequestMsg>({
    msgType: kind as 'create_subshell_request',
    channel: 'control',
    username: kernel.username,
    session: kernel.clientId,
    content: {}
  });
  const reply = await kernel.sendControlMessage(message, true, true).done;
  return (reply?.content ?? {}) as unknown as JSONObject;
}
