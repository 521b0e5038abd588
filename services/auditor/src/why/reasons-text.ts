import type { Fact } from '@touchstone/kernel';
import type { PolicyDecision } from '@touchstone/decisions';
import { moment, placeOf, shortName, valueText } from '../recorded.js';
import type { SeenEvent } from '../recorded.js';
import { labelled, printable, widthOf } from '../terminal.js';
import type { Consequence } from './causes.js';
import { nameOf } from './reasons.js';
import type { Reasons, RecordedCommand } from './reasons.js';

const LONGEST_VALUE = 400;

/** The reasons for people. */
export function reasonsText(reasons: Reasons, width: number): string {
  const { service, event, refusal, command } = reasons;
  const line = (label: string, text: string): string => labelled(label, text, width);
  const blocks = [
    [
      line('Event', `${nameOf(reasons)}  ${shortName(event.type)}`),
      line('', event.id),
      ...(refusal ? [line('Refused', `${refusal.command} by rule ${refusal.code}`), ...(Object.keys(refusal.details).length > 0 ? [line('', bounded(refusal.details))] : [])] : [line('Says', bounded(event.data))]),
    ],
    who(event, command, line),
    ...(command ? [facts(command, reasons.policies, line)] : []),
    reasons.because.length === 0
      ? [line('Because of', 'nothing else in the logs: it begins with this command')]
      : reasons.because.map((cause, index) => line(index === 0 ? 'Because of' : '  because of', `${nameOf(cause)}  ${shortName(cause.event.type)}, ${moment(cause.event.meta.occurredAt)}, by ${cause.event.meta.actor}`)),
    together(service, reasons, line),
    led(reasons, width),
  ];
  return `${blocks.map((block) => block.join('\n')).join('\n\n')}\n`;
}

type Line = (label: string, text: string) => string;

function who({ meta }: SeenEvent, command: RecordedCommand | undefined, line: Line): string[] {
  const { name, roles } = command?.actor ?? {};
  const person = `${meta.actor}${name === undefined ? '' : ` (${name})`}${roles && roles.length > 0 ? `, as ${roles.join(', ')}` : ''}`;
  const reason = command?.reason ?? meta.reason;
  return [
    line('Who', person),
    ...(command ? [line('Command', `${command.command.type}  ${bounded(withoutType(command.command))}`)] : [line('Command', 'not told: its own service does not answer here')]),
    line('True from', `${moment(meta.occurredAt)} UTC`),
    line('Known from', `${moment(meta.recordedAt)} UTC`),
    ...(reason === undefined ? [] : [line('Reason', reason)]),
    ...(meta.provenance?.length ? [line('Provenance', meta.provenance.join(', '))] : []),
    line('Decided by', `${meta.decider}${command ? `, on version ${command.version} of ${command.stream}` : ''}`),
  ];
}

const withoutType = (command: RecordedCommand['command']): object => Object.fromEntries(Object.entries(command).filter(([name]) => name !== 'type'));

function facts(command: RecordedCommand, policies: Readonly<Record<string, PolicyDecision>>, line: Line): string[] {
  const known = Object.entries(command.facts);
  if (known.length === 0) return [line('Known then', 'nothing beside the thing itself was asked')];
  return known.flatMap(([name, fact], index) => {
    const policy = policies[name];
    const label = index === 0 ? 'Known then' : '';
    return [line(label, `${name}: ${policy ? policyText(policy) : factText(fact)}`), ...(policy ? policyLines(policy, line) : []), line('', `  ${whence(fact)}`)];
  });
}

function factText({ value }: Fact): string {
  if (Array.isArray(value) && value.length > 0 && value.every(isEvent)) {
    const names = value.map(({ type }) => shortName(type));
    return bounded(`${value.length} ${value.length === 1 ? 'event' : 'events'}: ${names.join(', ')}`);
  }
  return bounded(value);
}

const isEvent = (value: unknown): value is SeenEvent => typeof value === 'object' && value !== null && 'type' in value && 'meta' in value && 'version' in value;

const whence = ({ refs, seq }: Fact): string =>
  `${refs.length > 0 ? `from ${refs.map(({ stream, version }) => `${stream}@${version}`).join(', ')}, ` : ''}log read up to ${seq}`;

const policyText = ({ policy }: PolicyDecision): string => `policy ${policy.id} version ${policy.version} decided`;

function policyLines({ policy, fired, result, resultHash, facts: asked }: PolicyDecision, line: Line): string[] {
  return [line('', `  document ${policy.sha256}`), line('', `  asked ${bounded(asked)}`), line('', `  rules fired ${fired.join(', ')}`), line('', `  answer ${bounded(result)}, ${resultHash}`)];
}

function together(service: string, { event, together: events }: Reasons, line: Line): string[] {
  if (events.length < 2) return [line('With it', 'no other event of this command')];
  return events.map((each, index) => line(index === 0 ? 'With it' : '', `${placeOf(service, each)}  ${shortName(each.type)}${each.id === event.id ? '  (this one)' : ''}`));
}

function led({ consequences: { caused, count, cut } }: Reasons, width: number): string[] {
  if (caused.length === 0) return [labelled('Led to', 'nothing so far', width)];
  const heading = labelled('Led to', `${count} ${count === 1 ? 'event' : 'events'}${cut ? ', and more that were not followed (depth 8, 500 events)' : ''}`, width);
  return [heading, ...branches(caused, '', width)];
}

/** One line an event: a tree is read by its shape, so what is too long for the line is cut there. */
function branches(caused: readonly Consequence[], indent: string, width: number): string[] {
  return caused.flatMap((each, index) => {
    const last = index === caused.length - 1;
    const { event } = each;
    const text = `${shortName(event.type)}  ${nameOf(each)}  ${moment(event.meta.occurredAt)} by ${event.meta.actor}`;
    return [cutTo(`${indent}${last ? '└─ ' : '├─ '}${printable(text)}`, width), ...branches(each.caused, `${indent}${last ? '   ' : '│  '}`, width)];
  });
}

function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (widthOf(kept + character) >= width) break;
    kept += character;
  }
  return `${kept}…`;
}

function bounded(value: unknown): string {
  const text = typeof value === 'string' ? value : valueText(value) || 'nothing';
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}… (--json shows all)` : text;
}
