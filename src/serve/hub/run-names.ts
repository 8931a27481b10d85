import type { ProjectKey } from '../../core/model/run.ts';
import type { Store } from '../store/store.ts';

const MANNERS =
  'amber able agile airy bold brave bright brisk calm candid clear clever coral cosmic crisp dapper daring deft eager earnest fair fancy fleet fond frosty gentle glad golden graceful hardy hazel honest humble icy ivory jolly keen kind lively loyal lucid lucky lunar mellow merry mild misty nimble noble olive patient placid plucky polar proud quick quiet rapid ready rosy royal rustic sage serene sharp silent silver sleek smooth snowy solar spry stable steady stellar still sturdy sunny swift tidal tidy true upbeat velvet vivid warm wild wise witty zesty';
const CREATURES =
  'albatross avocet badger bear beaver bison bittern bobcat bunting caribou cheetah condor cormorant coyote crane curlew deer dingo dolphin dove eagle egret elk falcon ferret finch fox gannet gazelle gecko goose grebe gull hare harrier hawk heron hornet ibex ibis jackal jaguar jay kestrel kite kiwi lark lemur leopard linnet loon lynx magpie marten merlin mink moose narwhal newt ocelot oriole osprey otter owl panda pelican petrel pika pipit plover puffin puma quail raven robin salmon seal shrike siskin skua snipe sparrow stoat stork swan swift tapir teal tern thrush tiger toucan turtle viper vole walrus weasel whale wolf wombat wren yak zebra';

/** Invents names of runs for people, such as "swift-heron-12"; the number counts the runs of the project. */
export class RunNames {
  readonly #store: Store;
  readonly #random: () => number;
  /** The highest number given per project, for runs that start at the same time. */
  readonly #given = new Map<ProjectKey, number>();

  /** `random` gives numbers from 0 up to and excluding 1. */
  constructor(store: Store, random: () => number = Math.random) {
    this.#store = store;
    this.#random = random;
  }

  async invent(project: ProjectKey): Promise<string> {
    const runs = await this.#store.runs.count(project, null);
    const number = Math.max(runs, this.#given.get(project) ?? 0) + 1;
    this.#given.set(project, number);
    return `${this.#pick(MANNERS)}-${this.#pick(CREATURES)}-${number}`;
  }

  #pick(words: string): string {
    const list = words.split(' ');
    return list[Math.floor(this.#random() * list.length)] ?? 'run';
  }
}
