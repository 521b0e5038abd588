import { decimalOf, integerOf, type NumberStyle } from './cell-values.js';
import { dateReader } from './date-patterns.js';
import { ImportFault, RowProblem } from './import-fault.js';
import type { Overlap } from './time-zones.js';

function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof RowProblem || error instanceof ImportFault) return error.code;
    throw error;
  }
}

describe('numbers as files write them', () => {
  const number = (text: string, style: NumberStyle): unknown => outcome(() => decimalOf(text, style, 'x'));

  it.each([
    ['12.50', '12.50'],
    ['2.00180', '2.00180'],
    ['+007.10', '7.10'],
    ['138.', '138'],
    ['.5', '0.5'],
    ['-0.282', '-0.282'],
    ['-0.00', '0.00'],
    [' 0 ', '0'],
  ])('reads %j with a point as %j', (text, expected) => expect(number(text, { decimal: '.' })).toBe(expected));

  it.each(['', '.', '-', 'twelve', '1e3', '1,5', '1.2.3', '12 50', '$5', '5 mm', 'NaN', '0x10', '１２', '--1', '1234567890123456789'])(
    'refuses %j with a point',
    (text) => expect(number(text, { decimal: '.' })).toBe('NOT_A_DECIMAL'),
  );

  it('reads decimal commas, and refuses a point among them unless the mapping says it separates thousands', () => {
    expect(number('1234,50', { decimal: ',' })).toBe('1234.50');
    expect(number('1.234,50', { decimal: ',' })).toBe('NOT_A_DECIMAL');
    expect(number('1.234', { decimal: ',' })).toBe('NOT_A_DECIMAL');
    expect(number('1.234,50', { decimal: ',', thousands: '.' })).toBe('1234.50');
    expect(number('-12.345.678', { decimal: ',', thousands: '.' })).toBe('-12345678');
    expect(number('1,234.50', { decimal: '.', thousands: ',' })).toBe('1234.50');
    expect(number('1’234.50', { decimal: '.', thousands: '’' })).toBe('1234.50');
  });

  it('refuses separators that do not part groups of three', () => {
    for (const text of ['1.23,50', '1234.567,0', '.123', '1..234', '1,234.567'])
      expect(number(text, { decimal: ',', thousands: '.' })).toBe('NOT_A_DECIMAL');
  });

  it('takes as integer what is whole', () => {
    expect(outcome(() => integerOf('138.', { decimal: '.' }, 'x'))).toBe(138);
    expect(outcome(() => integerOf('1.5', { decimal: '.' }, 'x'))).toBe('NOT_AN_INTEGER');
    expect(outcome(() => integerOf('9007199254740993', { decimal: '.' }, 'x'))).toBe('NOT_AN_INTEGER');
  });

  it('names the column and shows the text', () => {
    expect(() => decimalOf('two', { decimal: '.' }, 'units')).toThrow(
      expect.objectContaining({ column: 'units', detail: expect.stringContaining('"two"') }),
    );
  });
});

describe('dates', () => {
  const date = (text: string, pattern?: string, timeZone?: string, overlap: Overlap = 'refuse'): unknown =>
    outcome(() =>
      dateReader({ overlap, pointer: '', ...(pattern !== undefined && { pattern }), ...(timeZone !== undefined && { timeZone }) })(
        text,
        'when',
      ),
    );

  it('reads days and times by pattern, in the zone the mapping names', () => {
    expect(date('19970101', 'yyyyMMdd', 'UTC')).toBe('1997-01-01T00:00:00.000Z');
    expect(date('19970101', 'yyyyMMdd', 'America/New_York')).toBe('1997-01-01T05:00:00.000Z');
    expect(date('1.7.2026 8:05', 'd.M.yyyy H:mm', 'Europe/Zurich')).toBe('2026-07-01T06:05:00.000Z');
    expect(date('07/04/2026', 'MM/dd/yyyy', '+05:30')).toBe('2026-07-03T18:30:00.000Z');
  });

  it('reads ISO 8601, and an offset in the text wins over the zone', () => {
    expect(date('2026-03-01T12:00:00.5+02:00', undefined, 'America/New_York')).toBe('2026-03-01T10:00:00.500Z');
    expect(date('2026-03-01T12:00Z')).toBe('2026-03-01T12:00:00.000Z');
    expect(date('2026-03-01 12:00', undefined, 'Asia/Kolkata')).toBe('2026-03-01T06:30:00.000Z');
  });

  it('refuses a date without zone when the mapping names none', () => {
    expect(date('2026-03-01')).toBe('DATE_WITHOUT_ZONE');
    expect(date('19970101', 'yyyyMMdd')).toBe('DATE_WITHOUT_ZONE');
  });

  it('refuses a local time that clocks skipped', () => {
    expect(date('2026-03-29T02:30', undefined, 'Europe/Berlin')).toBe('LOCAL_TIME_DOES_NOT_EXIST');
    expect(date('2026-03-29T03:00', undefined, 'Europe/Berlin')).toBe('2026-03-29T01:00:00.000Z');
    expect(date('2026-03-29T01:59:59', undefined, 'Europe/Berlin')).toBe('2026-03-29T00:59:59.000Z');
  });

  it('refuses a local time that happened twice, unless the mapping says which one is meant', () => {
    expect(date('2026-10-25T02:30', undefined, 'Europe/Berlin')).toBe('LOCAL_TIME_AMBIGUOUS');
    expect(date('2026-10-25T02:30', undefined, 'Europe/Berlin', 'earlier')).toBe('2026-10-25T00:30:00.000Z');
    expect(date('2026-10-25T02:30', undefined, 'Europe/Berlin', 'later')).toBe('2026-10-25T01:30:00.000Z');
    expect(date('2026-10-25T03:00', undefined, 'Europe/Berlin')).toBe('2026-10-25T02:00:00.000Z');
    expect(date('2026-04-05T01:45', undefined, 'Australia/Lord_Howe')).toBe('LOCAL_TIME_AMBIGUOUS');
  });

  it('lets a day begin when the clocks made it begin, where its midnight was skipped or came twice', () => {
    expect(date('2018-11-04', undefined, 'America/Sao_Paulo')).toBe('2018-11-04T03:00:00.000Z');
    expect(date('2018-11-04T00:00', undefined, 'America/Sao_Paulo')).toBe('LOCAL_TIME_DOES_NOT_EXIST');
    expect(date('2025-11-02', undefined, 'America/Havana')).toBe('2025-11-02T04:00:00.000Z');
  });

  it('refuses what is not in the calendar or not in the pattern', () => {
    for (const text of ['19970230', '19971301', '199701', '1997-01-01', '00000101'])
      expect(date(text, 'yyyyMMdd', 'UTC')).toBe('INVALID_DATE');
    expect(date('2026-03-01T24:00Z')).toBe('INVALID_DATE');
    expect(date('2026-03-01T10:00+19:00')).toBe('INVALID_DATE');
  });

  it('refuses a pattern or a zone it does not know when the mapping is read', () => {
    expect(date('1', 'yyyy-MMM-dd', 'UTC')).toBe('MAPPING_INVALID');
    expect(date('1', 'HH:mm', 'UTC')).toBe('MAPPING_INVALID');
    expect(date('1', 'yyyyMMdd', 'Europe/Zuerich')).toBe('MAPPING_INVALID');
  });
});
