/** The types of the dictionaries: the English ones define which texts there are. */
import type en from "./en";

/** A text with a number, in the plural forms of a language; `other` is required in each. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** A dictionary in a language other than English. */
export type Translation<E> = { readonly [K in keyof E]: E[K] extends string ? string : Plural };

type More = (typeof en)["more"];
/** A group of pages whose words are loaded with its first page. */
export type Group = keyof More;
type GroupWords<G extends Group> = Awaited<ReturnType<More[G]>>["default"];

/** The dictionaries of a language. */
export interface Words {
  base: Translation<(typeof en)["base"]>;
  more: { readonly [G in Group]: () => Promise<{ default: Translation<GroupWords<G>> }> };
}

type Merged<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never;

/** All English texts. */
export type English = (typeof en)["base"] & Merged<{ [G in Group]: GroupWords<G> }[Group]>;
