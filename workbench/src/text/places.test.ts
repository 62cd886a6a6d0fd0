import { expect, test } from "vitest";
import {
  findPlaces,
  overlaps,
  sentenceAround,
  sentences,
  stepWord,
  trim,
  wordBefore,
  wordFrom,
} from "./places.ts";

const text = "It rained. “At least 25 died,” said Mark.\n\nThen 3.5 million left! Why?";
const at = (words: string) => {
  const start = text.indexOf(words);
  return { start, end: start + words.length };
};
const cut = ({ start, end }: { start: number; end: number }) => text.slice(start, end);

test("the sentence around some words", () => {
  expect(cut(sentenceAround(text, at("25")))).toBe("“At least 25 died,” said Mark.");
  expect(cut(sentenceAround(text, at("3.5")))).toBe("Then 3.5 million left!");
  expect(cut(sentenceAround(text, at("It")))).toBe("It rained.");
  expect(cut(sentenceAround(text, at("died,” said Mark.")))).toBe("“At least 25 died,” said Mark.");
  expect(cut(sentenceAround(text, at("rained. “At")))).toBe("It rained. “At least 25 died,” said Mark.");
});

test("space at the ends is no part of a place", () => {
  expect(cut(trim(text, at(" rained. ")))).toBe("rained.");
});

test("all places of some words", () => {
  expect(findPlaces("aaa", "aa")).toEqual([
    { start: 0, end: 2 },
    { start: 1, end: 3 },
  ]);
  expect(findPlaces("aaa", "")).toEqual([]);
});

test("overlaps are what two or more cover", () => {
  const place = (start: number, end: number) => ({ start, end });
  expect(overlaps([place(0, 5), place(5, 9)])).toEqual([]);
  expect(overlaps([place(0, 5), place(3, 9), place(4, 6)])).toEqual([place(3, 6)]);
  expect(overlaps([place(0, 9), place(1, 2), place(4, 5)])).toEqual([place(1, 2), place(4, 5)]);
});

test("the sentences of a text", () => {
  expect(sentences(text).map(cut)).toEqual([
    "It rained.",
    "“At least 25 died,” said Mark.",
    "Then 3.5 million left!",
    "Why?",
  ]);
  expect(sentences(" \n ")).toEqual([]);
});

test("words are gone through one by one, whatever stands between them", () => {
  const said = at("“At least 25 died,”");
  expect(cut(stepWord(text, said, 1) ?? said)).toBe("At");
  expect(cut(stepWord(text, at("At"), 1) ?? said)).toBe("least");
  expect(cut(stepWord(text, at("least"), -1) ?? said)).toBe("At");
  expect(cut(stepWord(text, at("At"), -1) ?? said)).toBe("rained");
  expect(stepWord(text, at("It"), -1)).toBeUndefined();
  expect(wordFrom(text, text.length)).toBeUndefined();
  expect(cut(wordBefore(text, text.length) ?? said)).toBe("Why");
});
