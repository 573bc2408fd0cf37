// Owns Personal Settings.
export {};
