import 'reflect-metadata';
import type { CanActivate, ExecutionContext, INestApplication } from '@nestjs/common';
import { Body, Controller, Module, Post, UnauthorizedException, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { ArrayMaxSize, IsArray, IsIn, IsNumberString, IsString, IsUUID, Length } from 'class-validator';
import { Column, Entity, PrimaryColumn, Repository } from 'typeorm';
import type { VerifyToken } from '@touchstone/platform';

/**
 * The plain contender: a controller as the Nest documentation teaches it. It checks the token as ours does, validates a DTO and
 * saves a row; it keeps no history, and a repeated request is another request.
 */
class NewLot {
  @IsUUID() lotId!: string;
  @IsString() @Length(1, 100) number!: string;
  @IsUUID() itemId!: string;
  @IsNumberString() quantity!: string;
  @IsString() @Length(1, 100) unit!: string;
  @IsString() @Length(1, 100) site!: string;
  @IsArray() @ArrayMaxSize(10) @IsIn(['incoming', 'in-process', 'final'], { each: true }) requiredInspections!: string[];
}

@Entity('plain_lot')
class PlainLot {
  @PrimaryColumn('uuid') lotId!: string;
  @Column('text', { unique: true }) number!: string;
  @Column('uuid') itemId!: string;
  @Column('numeric') quantity!: string;
  @Column('text') unit!: string;
  @Column('text') site!: string;
  @Column('jsonb') requiredInspections!: string[];
}

export const plainLotTable = (role: string): string => `
create table plain_lot (
  "lotId" uuid primary key, number text not null unique, "itemId" uuid not null, quantity numeric not null, unit text not null, site text not null,
  "requiredInspections" jsonb not null
);
grant select, insert, update on plain_lot to ${role}`;

@Controller()
class PlainLotsController {
  constructor(@InjectRepository(PlainLot) private readonly lots: Repository<PlainLot>) {}

  /** As most write it: TypeORM looks whether the row is there, then inserts it in a transaction. */
  @Post('saved-lots')
  save(@Body() lot: NewLot): Promise<PlainLot> {
    return this.lots.save(this.lots.create(lot));
  }

  /** As those write it who measured: one insert, nothing else. */
  @Post('inserted-lots')
  async insert(@Body() lot: NewLot): Promise<NewLot> {
    await this.lots.insert(lot);
    return lot;
  }
}

/** Who asks, by the same check of the same tokens as ours. */
class TokenGuard implements CanActivate {
  constructor(private readonly verify: VerifyToken) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { headers } = context.switchToHttp().getRequest<{ headers: { authorization?: string } }>();
    const [, token] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
    if (token === undefined) throw new UnauthorizedException();
    await this.verify(token);
    return true;
  }
}

export async function plainApp(url: string, connections: number, verify: VerifyToken): Promise<INestApplication> {
  @Module({
    imports: [
      TypeOrmModule.forRoot({ type: 'postgres', url, entities: [PlainLot], synchronize: false, poolSize: connections, retryAttempts: 0 }),
      TypeOrmModule.forFeature([PlainLot]),
    ],
    controllers: [PlainLotsController],
  })
  class PlainModule {}
  const app = await NestFactory.create(PlainModule, { logger: false, abortOnError: false });
  app.useGlobalGuards(new TokenGuard(verify));
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
  return app;
}
