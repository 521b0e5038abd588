import { ValidationPipe } from '@nestjs/common';
import { InvalidCommand } from './validate-command.js';

/** Query parameters are validated like commands: unknown ones are refused. Command bodies have their own pipe. */
export const requestPipe = (): ValidationPipe =>
  new ValidationPipe({
    transform: true, whitelist: true, forbidNonWhitelisted: true, validateCustomDecorators: false,
    exceptionFactory: (errors) => {
      const problems = errors.map(({ property, constraints = {} }) => ({ pointer: `/${property}`, code: 'BAD_PARAMETER', detail: Object.values(constraints).join(', ') }));
      return new InvalidCommand('BAD_PARAMETER', problems.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; '), problems);
    },
  });
