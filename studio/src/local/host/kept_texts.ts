/** Nothing is kept from one visit to the next but files that were fetched. See `host/kept_texts.ts`. */

export function keepText(_folder: string, _name: string, _text: string, _most: number): void {}
