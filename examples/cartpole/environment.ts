import type { Random } from '../random.ts';

const GRAVITY = 9.8;
const CART_MASS = 1;
const POLE_MASS = 0.1;
const TOTAL_MASS = CART_MASS + POLE_MASS;
const POLE_HALF_LENGTH = 0.5;
const FORCE = 10;
const DT = 0.02;
const ANGLE_MAX = (12 * 2 * Math.PI) / 360;
const POSITION_MAX = 2.4;

/** An episode is over after this many steps: the pole has been balanced. */
export const STEPS_MAX = 500;
/** Position, velocity, angle, angular velocity. */
export const OBSERVATION_SIZE = 4;
/** Push left or right. */
export const ACTIONS = 2;

/** The cart and pole of Barto, Sutton and Anderson (1983), with the constants of the usual benchmark (500 steps, reward 1 a step). */
export class CartPole {
  readonly #random: Random;
  readonly state = new Float64Array(OBSERVATION_SIZE);
  steps = 0;

  constructor(random: Random) {
    this.#random = random;
    this.reset();
  }

  reset(): void {
    for (let i = 0; i < OBSERVATION_SIZE; i++) this.state[i] = (this.#random.uniform() - 0.5) * 0.1;
    this.steps = 0;
  }

  /** Advances 20 ms. `fell`: the pole or the cart left its bounds. `over`: it fell, or the time is up. The caller resets. */
  step(action: number): { fell: boolean; over: boolean } {
    const [x, velocity, angle, spin] = this.state as unknown as [number, number, number, number];
    const force = action === 1 ? FORCE : -FORCE;
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    const pull = (force + POLE_MASS * POLE_HALF_LENGTH * spin * spin * sin) / TOTAL_MASS;
    const angular = (GRAVITY * sin - cos * pull) / (POLE_HALF_LENGTH * (4 / 3 - (POLE_MASS * cos * cos) / TOTAL_MASS));
    const linear = pull - (POLE_MASS * POLE_HALF_LENGTH * angular * cos) / TOTAL_MASS;
    this.state.set([x + DT * velocity, velocity + DT * linear, angle + DT * spin, spin + DT * angular]);
    this.steps++;
    const fell = Math.abs(this.state[0]!) > POSITION_MAX || Math.abs(this.state[2]!) > ANGLE_MAX;
    return { fell, over: fell || this.steps >= STEPS_MAX };
  }
}
