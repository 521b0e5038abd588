/** Public events of assurance. Released versions are never edited: add a version beside. */
export {};
