/** Column types that several tables share, for schema.ts. Holds no logic. */
import type { ColumnType } from 'kysely';

export type Json = ColumnType<Record<string, unknown>, string, string>;
export type JsonWithDefault = ColumnType<Record<string, unknown>, string | undefined, string>;
export type NullableJson = ColumnType<Record<string, unknown> | null, string | null | undefined, string | null>;
export type JsonArray = ColumnType<readonly unknown[], string | undefined, string>;
