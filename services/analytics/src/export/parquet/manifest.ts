import { existsSync, readFileSync } from 'node:fs';
import { ExportFault } from './export-fault.js';
import { manifestFile, writeWhole } from './folder.js';

/** Days of `recordedAt` in UTC, both included. */
export interface Selection {
  readonly from?: string;
  readonly to?: string;
}

/** How far the log of one service is in the folder. */
export interface ServiceExport {
  readonly logId: string;
  /** Everything up to this place is in files. */
  readonly place: number;
  /** Events in those files. */
  readonly events: number;
  /** Files up to this place are being written: whoever goes on writes exactly these again, under the same names. */
  readonly until?: number;
}

interface Content {
  readonly format: 1;
  readonly selection: Selection;
  readonly services: Readonly<Record<string, ServiceExport>>;
}

/** What the folder holds, kept beside the files and written whole: the only thing that an export goes by when it goes on. */
export class Manifest {
  private constructor(private readonly file: string, private content: Content) {}

  /** Throws {@link ExportFault} when the folder holds another selection. */
  static open(folder: string, selection: Selection = {}): Manifest {
    const file = manifestFile(folder);
    if (!existsSync(file)) return new Manifest(file, { format: 1, selection, services: {} });
    const content = JSON.parse(readFileSync(file, 'utf8')) as Content;
    if (content.selection.from !== selection.from || content.selection.to !== selection.to) {
      throw new ExportFault('EXPORT_SELECTION_DIFFERS', `${folder} holds ${described(content.selection)}, not ${described(selection)}: give another folder, or ask for the same days`);
    }
    return new Manifest(file, content);
  }

  get services(): Readonly<Record<string, ServiceExport>> {
    return this.content.services;
  }

  get selection(): Selection {
    return this.content.selection;
  }

  /** Throws {@link ExportFault} when the folder was begun with another log of that service. */
  of(service: string, logId: string): ServiceExport {
    const known = this.content.services[service];
    if (known && known.logId !== logId) {
      throw new ExportFault('EXPORT_OF_ANOTHER_LOG', `the folder holds ${service} of the log ${known.logId}, not of ${logId}: give another folder`);
    }
    return known ?? { logId, place: 0, events: 0 };
  }

  /** On disk when it returns. */
  set(service: string, state: ServiceExport): void {
    const services = Object.fromEntries(Object.entries({ ...this.content.services, [service]: state }).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    this.content = { ...this.content, services };
    writeWhole(this.file, `${JSON.stringify(this.content, undefined, 2)}\n`);
  }
}

const described = ({ from, to }: Selection): string =>
  from === undefined && to === undefined ? 'all days' : `the days ${from === undefined ? '' : `from ${from} `}${to === undefined ? 'on' : `to ${to}`}`;
