/** What a finding of the check can be, by a stable id. `bridged`: an upcaster between the versions takes the difference up. */
export const rules = {
  RELEASED_VERSION_EDITED: 'a released version says something else than when it was released: its schema, meaning, stream or topic. Additions are edits, too',
  VERSION_REMOVED: 'the contract of a released version is gone; logs and topics hold its events for ever',
  SAMPLE_REMOVED: 'a released golden sample is gone or was edited; adding samples is no edit',
  VERSION_SKIPPED: 'the versions of an event are 1, 2, 3 … without gaps',
  STREAM_CHANGED: 'a version is appended to another category of streams than the one before, so that the order between them is lost',
  REQUIRED_FIELD_ADDED: 'a field that older bodies may lack is required',
  FIELD_REMOVED: 'a field that older bodies may have is refused',
  UNKNOWN_FIELDS_REFUSED: 'an object that was open is closed',
  TYPE_NARROWED: 'a value may have fewer types',
  ENUM_VALUE_REMOVED: 'a value is not in the list any more',
  ENUM_ADDED: 'a list of values stands where there was none',
  PATTERN_TIGHTENED: 'a text must match another pattern, or one where there was none; whether all older texts do cannot be known',
  FORMAT_TIGHTENED: 'a text must have another format, or one where there was none',
  LENGTH_TIGHTENED: 'a text may be less long, or must be longer',
  RANGE_TIGHTENED: 'a number has narrower bounds',
  ITEMS_TIGHTENED: 'a list may have fewer items, must have more, or must have distinct ones',
  ALTERNATIVE_REMOVED: 'one of the shapes that a value may have is not accepted any more',
  UNIT_CHANGED: 'a number keeps its name and changes its unit: it would be read without an error, and wrong',
  PERSONAL_MARK_CHANGED: 'a field stops being personal, or is about somebody else',
  KEYWORD_UNJUDGED: 'a keyword of JSON Schema differs that this check does not know: it is refused rather than guessed at',
  UPCAST_BROKEN: 'a golden sample of an older version, upcast, is not what the newer version allows',
  NOTICE_UNSOUND: 'a notice of deprecation names no days of the calendar, or no successor that is there and newer',
  NOTICE_TOO_SHORT: 'the time from `since` to `until` is shorter than the policy promises',
  NOTICE_BACKDATED: 'a notice that was not released yet begins in the past',
  NOTICE_SHORTENED: 'a version goes earlier than the released notice says',
  WITHDRAWN_WITHOUT_NOTICE: 'a released version is not published any more, and nobody was told',
  WITHDRAWN_BEFORE_UNTIL: 'a released version is not published any more before its notice is over',
  RELEASE_RECORD_EDITED: 'a line of the record of releases was changed, removed or put in before others: it only grows',
  CONSUMER_OF_UNKNOWN_EVENT: 'a registered consumer names an event that there is not',
  REFERENCE_OUT_OF_DATE: 'a generated file of the reference says something else than the contracts',
} as const;

export type Rule = keyof typeof rules;

const BRIDGED = new Set<Rule>([
  'REQUIRED_FIELD_ADDED', 'FIELD_REMOVED', 'UNKNOWN_FIELDS_REFUSED', 'TYPE_NARROWED', 'ENUM_VALUE_REMOVED', 'ENUM_ADDED', 'PATTERN_TIGHTENED', 'FORMAT_TIGHTENED',
  'LENGTH_TIGHTENED', 'RANGE_TIGHTENED', 'ITEMS_TIGHTENED', 'ALTERNATIVE_REMOVED', 'UNIT_CHANGED', 'KEYWORD_UNJUDGED',
]);

/** Whether an upcaster from the older to the newer version answers the finding. */
export const isBridged = (rule: Rule): boolean => BRIDGED.has(rule);

export interface Finding {
  readonly rule: Rule;
  /** Type of the event, or the file or consumer it is about. */
  readonly of: string;
  /** JSON pointer into the schema, to the keyword; empty when it is about the whole. */
  readonly at: string;
  readonly message: string;
}
