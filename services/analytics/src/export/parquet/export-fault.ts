export type ExportFaultCode = 'EXPORT_FOLDER_IN_USE' | 'EXPORT_OF_ANOTHER_LOG' | 'EXPORT_SELECTION_DIFFERS' | 'EXPORT_NOT_OURS' | 'EXPORT_AHEAD_OF_LOG' | 'EXPORT_EMPTY';

/** The folder and what is asked of it do not fit together; the message says what to do. Nothing was written. */
export class ExportFault extends Error {
  constructor(readonly code: ExportFaultCode, message: string) {
    super(message);
  }
}
