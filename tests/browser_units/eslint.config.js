import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: "latest", sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-undef": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-var": "error",
      "prefer-const": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
      "max-lines": ["error", 400],
      "max-lines-per-function": ["error", 60],
    },
  },
  { files: ["**/assets/**/*.mjs"], languageOptions: { globals: globals.browser } },
  { files: ["**/assets/**/*.js"], languageOptions: { globals: globals.browser, sourceType: "script" } },
  { files: ["**/browser_units/**"], languageOptions: { globals: globals.node } },
];
