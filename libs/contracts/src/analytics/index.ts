/** Public events of analytics. Released versions are never edited: add a version beside. */
export {};
