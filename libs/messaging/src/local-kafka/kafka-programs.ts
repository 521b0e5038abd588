import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const KAFKA_VERSION = '4.4.0';
/** Kafka logs through SLF4J 1.7 and brings Log4j, but nothing between the two: without it the broker is silent. */
const LOG4J_VERSION = '2.25.5';
const OLDEST_JAVA = 17;
const FETCH_TIMEOUT_MS = 300_000;

/** What a broker is started with, or why there is none. */
export type KafkaPrograms = { readonly java: string; readonly jars: string } | { readonly why: string };

/**
 * Java, and the folder with Kafka's jars: fetched once by Maven into the user's cache (`TOUCHSTONE_CACHE`, or `~/.cache`), never
 * into the repository.
 */
export async function kafkaPrograms(): Promise<KafkaPrograms> {
  const java = process.env['JAVA_HOME'] ? join(process.env['JAVA_HOME'], 'bin', 'java') : 'java';
  const version = await javaVersion(java);
  if (version === undefined) return { why: 'no Java: put java 17 or newer on the PATH, or name a running broker in TOUCHSTONE_KAFKA_BROKERS' };
  if (version < OLDEST_JAVA) return { why: `Java ${version} is too old for Kafka ${KAFKA_VERSION}, which needs ${OLDEST_JAVA}` };
  const folder = join(process.env['TOUCHSTONE_CACHE'] ?? join(homedir(), '.cache', 'touchstone'), `kafka-${KAFKA_VERSION}`);
  const jars = join(folder, 'jars');
  if (complete(jars)) return { java, jars };
  try {
    await fetchJars(folder, jars);
    return { java, jars };
  } catch (error) {
    return { why: `Kafka's jars are not in ${jars}, and Maven could not fetch them: ${String((error as { stderr?: unknown }).stderr ?? error).slice(0, 300)}` };
  }
}

const complete = (jars: string): boolean => existsSync(jars) && readdirSync(jars).includes(`log4j-slf4j-impl-${LOG4J_VERSION}.jar`);

async function javaVersion(java: string): Promise<number | undefined> {
  try {
    const { stderr } = await run(java, ['-version']);
    return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  } catch {
    return undefined;
  }
}

/** Into a folder of its own that then takes its name: who is interrupted, or second, leaves nothing half done. */
async function fetchJars(folder: string, jars: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const fresh = mkdtempSync(join(folder, 'fetching-'));
  const dependency = (group: string, name: string, version: string) =>
    `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`;
  writeFileSync(join(fresh, 'pom.xml'), `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>touchstone</groupId><artifactId>kafka-for-tests</artifactId><version>1</version><dependencies>
${dependency('org.apache.kafka', 'kafka_2.13', KAFKA_VERSION)}
${dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', LOG4J_VERSION)}
</dependencies></project>\n`);
  try {
    await run('mvn', ['-q', '-B', '-f', join(fresh, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${join(fresh, 'jars')}`], { timeout: FETCH_TIMEOUT_MS });
    if (!complete(jars)) renameSync(join(fresh, 'jars'), jars);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
