/**
 * The carrier: the comms between this page and one kernel.
 *
 * The kernel announces itself with a comm `wfnb`, on which nothing is ever sent. Only then do we
 * open `wfnb.events.ID`, with the id of that comm, on which it tells of its engine, and
 * `wfnb.control.ID` for each thing we ask: JupyterLab keeps subshells by target, 4.4 and 4.5 also
 * over a restart that another notebook has asked for, so each load of wfnb has its own.
 * A comm that the page opens is served beside the running cell where the kernel has subshells.
 *
 * Knows: one kernel connection, its restarts, comms.
 * Does not know: what the messages mean.
 * Holds: a kernel without wfnb is only asked which comms it has, and while it is busy, what it can do.
 *   Dispose may be called twice.
 */

import { Kernel, KernelMessage } from '@jupyterlab/services';
import { JSONObject, UUID } from '@lumino/coreutils';
import { Beside } from './beside';
import { IAnswer } from './tokens';

const ANNOUNCED = 'wfnb';
const EVENTS = 'wfnb.events';
const CONTROL = 'wfnb.control';
// Comms that are not for us: JupyterLab would close those that nobody on a connection takes.
const OTHERS = ['jupyter.widget', 'jupyter.widget.control'];
// "starting" is all that one page, or one notebook, hears of a restart that another one asked for.
const LEAVING = new Set<Kernel.Status>(['starting', 'restarting', 'autorestarting', 'dead']);
const SUBSHELL_MS = 500;
const PAGE_KEY = 'wfnb:page';

export interface ICarried {
  /** A message about the engine has come. */
  readonly onMessage: (data: unknown) => void;
  /** The kernel has no engine any more. */
  readonly onGone: () => void;
}

export class Carrier {
  isDisposed = false;
  private announced: Kernel.IComm | null = null;
  private events: Kernel.IComm | null = null;
  private beside: Beside | null = null;

  private readonly kernel: Kernel.IKernelConnection;

  /**
   * @param isOwn to make a connection for ourselves. Of those to one kernel only the first may have
   *   comms; the notebook that had it was perhaps closed.
   */
  constructor(
    kernel: Kernel.IKernelConnection,
    private readonly isOwn: boolean,
    private readonly told: ICarried
  ) {
    // A clone is not counted among those, so a notebook that is opened later gets its comms.
    this.kernel = kernel = isOwn ? kernel.clone({ handleComms: true }) : kernel;
    if (isOwn) {
      OTHERS.forEach(target => kernel.registerCommTarget(target, () => undefined));
    }
    kernel.registerCommTarget(ANNOUNCED, this.onAnnounced);
    kernel.statusChanged.connect(this.onStatus, this);
    kernel.disposed.connect(this.dispose, this);
    void this.lookBack();
    void this.lookBeside();
  }

  /** Have the kernel send a checkpoint, and go on from there. */
  renew(): void {
    this.close();
    if (this.announced) {
      void this.open(this.announced.commId);
    }
  }

  /** Have the kernel do something; rejects if it goes meanwhile. */
  async ask(what: JSONObject): Promise<IAnswer> {
    if (!this.announced) {
      throw new Error('the kernel has gone');
    }
    const comm = this.kernel.createComm(`${CONTROL}.${this.announced.commId}`);
    if (this.kernel.supportsSubshells) {
      await subshell(this.kernel, comm);
    } // else at once: what JupyterLab asks next may take the kernel seconds
    return new Promise((resolve, reject) => {
      comm.onMsg = message => resolve(message.content.data as IAnswer);
      comm.onClose = () => reject(new Error('the kernel did not answer'));
      this.send(comm, what).done.catch(reject);
    });
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this.isDisposed = true;
    this.kernel.statusChanged.disconnect(this.onStatus, this);
    this.kernel.disposed.disconnect(this.dispose, this);
    if (!this.kernel.isDisposed) {
      this.kernel.removeCommTarget(ANNOUNCED, this.onAnnounced);
      this.close();
      if (this.isOwn) {
        this.kernel.dispose();
      }
    }
    this.told.onGone();
  }

  private readonly onAnnounced = (comm: Kernel.IComm): void => {
    this.follow(comm);
  };

  /** The page was loaded after the kernel had announced itself. */
  private async lookBack(): Promise<void> {
    try {
      const reply = await this.kernel.requestCommInfo({ target_name: ANNOUNCED });
      this.find((reply as KernelMessage.ICommInfoReplyMsg).content);
    } catch {
      // the kernel has gone, or restarts: then it announces itself again
    }
  }

  /** The same while a cell runs, which keeps the kernel from answering. */
  private async lookBeside(): Promise<void> {
    try {
      const beside = await Beside.of(this.kernel);
      if (beside?.isNeeded && !this.announced && !this.isDisposed) {
        this.beside = beside;
        this.find(await beside.comms(ANNOUNCED));
      }
    } catch {
      // as above
    }
  }

  private find(content: KernelMessage.ICommInfoReplyMsg['content']): void {
    if (content.status !== 'ok' || this.announced || this.isDisposed) {
      return;
    }
    const [id] = Object.keys(content.comms);
    if (id !== undefined) {
      this.follow(this.kernel.createComm(ANNOUNCED, id));
    }
  }

  private send(comm: Kernel.IComm, data: JSONObject): Kernel.IShellFuture {
    return this.beside?.isNeeded ? this.beside.open(comm, data) : comm.open(data);
  }

  private follow(comm: Kernel.IComm): void {
    this.announced = comm;
    comm.onClose = () => {
      if (this.announced === comm) {
        this.leave(); // `%unload_ext wfnb`
      }
    };
    this.renew();
  }

  private async open(load: string): Promise<void> {
    const comm = this.kernel.createComm(`${EVENTS}.${load}`);
    this.events = comm;
    comm.onMsg = message => {
      if (this.events === comm) {
        this.told.onMessage(message.content.data);
      }
    };
    await subshell(this.kernel, comm);
    if (this.events === comm && !comm.isDisposed) {
      this.send(comm, { page: pageId() });
    }
  }

  /** Hear nothing more of the engine. */
  close(): void {
    const comm = this.events;
    this.events = null;
    if (comm && !comm.isDisposed) {
      comm.close();
    }
  }

  private onStatus(_: Kernel.IKernelConnection, status: Kernel.Status): void {
    if (LEAVING.has(status)) {
      const comms = [this.events, this.announced];
      this.events = null; // gone with the kernel that had it: there is nothing to close
      this.leave();
      comms.forEach(comm => comm?.dispose()); // JupyterLab would use their shells again
    }
  }

  private leave(): void {
    this.beside?.forget();
    this.announced = this.beside = null;
    this.close();
    this.told.onGone();
  }
}

/** Wait for the comm's own shell in the kernel, if there is going to be one. */
async function subshell(kernel: Kernel.IKernelConnection, comm: Kernel.IComm): Promise<void> {
  const { subshellStarted } = comm as { subshellStarted?: Promise<void> };
  if (kernel.supportsSubshells && subshellStarted) {
    const late = new Promise(resolve => window.setTimeout(resolve, SUBSHELL_MS));
    await Promise.race([subshellStarted.catch(() => undefined), late]);
  }
}

/** The same for this tab when it is loaded again: the kernel then ends what it told the last one. */
function pageId(): string {
  let id = window.sessionStorage.getItem(PAGE_KEY);
  if (!id) {
    id = UUID.uuid4();
    window.sessionStorage.setItem(PAGE_KEY, id);
  }
  return id;
}
