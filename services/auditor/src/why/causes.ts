import { sideBySide } from '../api.js';
import type { Api } from '../api.js';
import { asEvents } from '../recorded.js';
import type { SeenEvent } from '../recorded.js';

/** What followed from an event, in whatever service. */
export interface Consequence {
  readonly service: string;
  readonly event: SeenEvent;
  readonly caused: readonly Consequence[];
}

export interface Consequences {
  readonly caused: readonly Consequence[];
  readonly count: number;
  /** True when depth or number ended the search before it was done. */
  readonly cut: boolean;
}

interface Node {
  readonly service: string;
  readonly event: SeenEvent;
  readonly caused: Node[];
}

export interface Bounds {
  readonly depth: number;
  readonly nodes: number;
}

const BOUNDS: Bounds = { depth: 8, nodes: 500 };
const WIDTH = 6;

/** Level by level; an event that several logs hold counts once, as its own service tells it. */
export async function causes(api: Api, services: readonly string[], root: SeenEvent, bounds: Bounds = BOUNDS): Promise<Consequences> {
  const top: Node = { service: '', event: root, caused: [] };
  const seen = new Set([root.id]);
  let level = [top];
  let cut = false;
  for (let depth = 0; level.length > 0; depth += 1) {
    const answers = await sideBySide(level, WIDTH, async (node) => ({ node, found: await causedBy(api, services, node.event.id) }));
    const next: Node[] = [];
    for (const { node, found } of answers) {
      for (const child of found) {
        if (seen.has(child.event.id)) continue;
        if (depth >= bounds.depth || seen.size > bounds.nodes) {
          cut = true;
          continue;
        }
        seen.add(child.event.id);
        node.caused.push(child);
        next.push(child);
      }
    }
    level = next;
  }
  return { caused: top.caused, count: seen.size - 1, cut };
}

async function causedBy(api: Api, services: readonly string[], id: string): Promise<Node[]> {
  const answers = await sideBySide(services, services.length, async (service) => ({ service, events: asEvents(await api.get(`/${service}/caused/${id}`)) }));
  const nodes = new Map<string, Node>();
  for (const { service, events } of answers) {
    for (const event of events) {
      const own = !event.stream.includes('/');
      if (own || !nodes.has(event.id)) nodes.set(event.id, { service: own ? service : event.stream.slice(0, event.stream.indexOf('/')), event, caused: [] });
    }
  }
  return [...nodes.values()].toSorted((a, b) => order(a.event, b.event));
}

const order = (a: SeenEvent, b: SeenEvent): number =>
  a.meta.recordedAt.localeCompare(b.meta.recordedAt) || a.stream.localeCompare(b.stream) || a.version - b.version;
