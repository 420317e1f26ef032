import { paths } from "@/lib/paths";

interface SignInSearch {
  /** Where the person wanted to go. */
  next?: string;
}

export const signIn = {
  path: paths.signIn,
  validateSearch: ({ next }: Record<string, unknown>): SignInSearch => {
    // Only a path of ours: anything else would send people away after they signed in.
    return typeof next === "string" && /^\/(?![/\\])/.test(next) ? { next } : {};
  },
};
