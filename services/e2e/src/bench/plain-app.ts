import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { Body, Controller, Module, Post, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { ArrayMaxSize, IsArray, IsIn, IsNumberString, IsString, IsUUID, Length } from 'class-validator';
import { Column, Entity, PrimaryColumn, Repository } from 'typeorm';

/**
 * The plain contender: a controller as the Nest documentation teaches it. It validates a DTO and saves a row; it knows no actor,
 * keeps no history, and a repeated request is another request.
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

export async function plainApp(url: string, connections: number): Promise<INestApplication> {
  @Module({
    imports: [
      TypeOrmModule.forRoot({ type: 'postgres', url, entities: [PlainLot], synchronize: false, poolSize: connections, retryAttempts: 0 }),
      TypeOrmModule.forFeature([PlainLot]),
    ],
    controllers: [PlainLotsController],
  })
  class PlainModule {}
  const app = await NestFactory.create(PlainModule, { logger: false, abortOnError: false });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
  return app;
}
