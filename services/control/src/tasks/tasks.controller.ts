import { Controller, Get, Param, Query } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import { Runtime } from '@touchstone/event-store';
import type { Asked, Paged } from '@touchstone/platform';
import { AskedFor, NotFound, Page, page, Requires, Takes } from '@touchstone/platform';
import { CompleteTask, OpenTask } from './commands.js';
import { tasks } from './slice.js';
import { taskList, TaskRow } from './task-list.projection.js';

class TaskPage extends Page {
  @IsOptional() @IsIn(['open', 'completed']) status?: string;
}

@Controller('tasks')
export class TasksController {
  constructor(private readonly runtime: Runtime) {}

  @Takes(OpenTask, '', 'task.open')
  open(@AskedFor(OpenTask) { command, context }: Asked<OpenTask>) {
    return this.runtime.commands.handle(tasks, command, context);
  }

  @Takes(CompleteTask, ':taskId/completion', 'task.complete')
  complete(@AskedFor(CompleteTask) { command, context }: Asked<CompleteTask>) {
    return this.runtime.commands.handle(tasks, command, context);
  }

  @Get() @Requires('task.read')
  list(@Query() query: TaskPage): Promise<Paged<TaskRow>> {
    return page(this.runtime.query(taskList), TaskRow, 'taskId', query, (rows) =>
      query.status === undefined ? rows : rows.andWhere('row.status = :status', { status: query.status }));
  }

  @Get(':taskId') @Requires('task.read')
  async one(@Param('taskId') taskId: string): Promise<TaskRow> {
    const row = await this.runtime.query(taskList).findOneBy(TaskRow, { taskId });
    if (!row) throw new NotFound(`no task ${taskId}`);
    return row;
  }
}
