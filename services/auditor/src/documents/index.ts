/** Documents written from recorded events: the writers are pure, the collectors gather what they need over the HTTP interface. */
export { ApiFault, Unusable, type Api } from '../api.js';
export { HttpApi, type HttpApiOptions } from '../http-api.js';
export type { Signer } from './collect.js';
export { collectEightD, type EightDData } from './collect-eight-d.js';
export { collectTimeline, type TimelineData } from './collect-timeline.js';
export { eightD } from './eight-d.js';
export { customerTimeline } from './timeline.js';
