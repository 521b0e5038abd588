import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { Max, Min, IsInt, IsOptional, IsString, MaxLength } from 'class-validator';
import { Type } from 'class-transformer';
import { BadRequest } from './problem.js';

/** Query parameters of every list. */
export class Page {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(500) limit = 50;
  /** `next` of the page before. */
  @IsOptional() @IsString() @MaxLength(500) after?: string;
}

export interface Paged<T> {
  readonly items: readonly T[];
  /** Give it as `after` for the next page; left out on the last one. */
  readonly next?: string;
}

/** One page in the order of `key` (a unique text column), filtered by `where`. */
export async function page<T extends ObjectLiteral>(
  manager: EntityManager, table: new () => T, key: keyof T & string, { limit, after }: Page,
  where: (query: SelectQueryBuilder<T>) => SelectQueryBuilder<T> = (query) => query,
): Promise<Paged<T>> {
  const query = where(manager.createQueryBuilder(table, 'row')).orderBy(`row.${key}`).limit(limit + 1);
  const rows = await (after === undefined ? query : query.andWhere(`row.${key} > :after`, { after: decoded(after) })).getMany();
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, ...(rows.length > limit && last && { next: Buffer.from(String(last[key]), 'utf8').toString('base64url') }) };
}

function decoded(after: string): string {
  const text = Buffer.from(after, 'base64url').toString('utf8');
  if (text === '' || text.includes('\0')) throw new BadRequest('BAD_CURSOR', '`after` must be the `next` of the page before');
  return text;
}
