import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { CommandClass } from '@touchstone/event-store';
import { InvalidCommand, takenBy, validateCommand } from '@touchstone/platform';
import { definitions } from './landscape.js';

describe('the JSON Schemas of commands', () => {
  interface Schema { readonly required: string[] }
  const { components: { schemas } } = JSON.parse(readFileSync(new URL('../../../../docs/reference/events/asyncapi.json', import.meta.url), 'utf8')) as { components: { schemas: Record<string, Schema> } };
  const all = definitions.flatMap(({ name, slices }) => slices.flatMap(({ controllers }) => controllers.flatMap(takenBy)).map(({ commandClass }): [string, CommandClass] => [`${name}.${new commandClass().type}`, commandClass]));
  const missing = (commandClass: CommandClass): string[] => {
    try {
      validateCommand(commandClass, {});
      return [];
    } catch (error) {
      if (!(error instanceof InvalidCommand)) throw error;
      return error.errors.map(({ pointer }) => pointer.slice(1)).toSorted();
    }
  };

  it.each(all)('of %s is valid, and asks for the fields that the service asks for', (name, commandClass) => {
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schemas[name] as object);
    expect(validate({})).toBe(schemas[name]?.required.length === 0);
    expect(schemas[name]?.required.toSorted()).toEqual(missing(commandClass));
  });
  it('take what the services take, and nothing else', () => {
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schemas['planning.RegisterItem'] as object);
    const item = { itemId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', number: 'RING-74', name: 'Ring', unit: 'pcs' };
    expect([item, { ...item, occurredAt: '2026-03-02T08:00:00+01:00' }, { ...item, unit: 7 }, { ...item, color: 'red' }, { ...item, name: '' }].map((body) => validate(body))).toEqual([true, true, false, false, false]);
  });
});
