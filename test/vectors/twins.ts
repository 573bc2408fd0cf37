// Owns steps that share their digits, found by search: about one step in a million has such a twin.

/** Of the secret of RFC 4226: this step (2029-01-04T22:44:00Z) and the next one show the same code. */
export const TWIN_STEP = 62_075_368;
export const TWIN_CODE = '235522';

/** This step (2027-03-25T17:40:00Z) and the one two minutes later, four steps on, show the same code. */
export const DISTANT_STEP = 60_199_880;
export const DISTANT_CODE = '262910';
