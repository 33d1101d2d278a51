// The DNS's folder as the rest of the program sees it. It is installed by `installDns` (install.ts).
import { type Layer, viewOf } from "../layer.ts";
import {
  cacheEntryWords,
  resolverQueryWords,
  serverAnswerWords,
  serverQuestionWords,
  stubLookupWords,
} from "./describe.ts";
import { cacheEntry, resolverQuery, serverAnswer, serverQuestion, stubLookup } from "./machine.ts";
import {
  cacheEntrySketch,
  resolverQuerySketch,
  serverAnswerSketch,
  serverQuestionSketch,
  stubLookupSketch,
} from "./sketch.ts";

export const dns: Layer = {
  id: "dns",
  title: "DNS",
  views: [
    viewOf(stubLookup, stubLookupWords, stubLookupSketch),
    viewOf(resolverQuery, resolverQueryWords, resolverQuerySketch),
    viewOf(serverQuestion, serverQuestionWords, serverQuestionSketch),
    viewOf(serverAnswer, serverAnswerWords, serverAnswerSketch),
    viewOf(cacheEntry, cacheEntryWords, cacheEntrySketch),
  ],
};
