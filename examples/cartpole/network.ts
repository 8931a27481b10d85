import type { Random } from '../random.ts';

/**
 * A perceptron with one hidden layer of tanh units. Weights and gradients are flat arrays, so that the optimiser knows
 * nothing of layers: `hidden × inputs`, `hidden` biases, `outputs × hidden`, `outputs` biases.
 */
export class Network {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
  readonly weights: Float64Array;
  readonly gradients: Float64Array;
  readonly #activations: Float64Array;

  constructor(inputs: number, hidden: number, outputs: number, random: Random, outputScale: number) {
    this.inputs = inputs;
    this.hidden = hidden;
    this.outputs = outputs;
    const size = hidden * inputs + hidden + outputs * hidden + outputs;
    this.weights = new Float64Array(size);
    this.gradients = new Float64Array(size);
    this.#activations = new Float64Array(hidden);
    for (let i = 0; i < hidden * inputs; i++) this.weights[i] = random.normal() / Math.sqrt(inputs);
    const second = hidden * inputs + hidden;
    for (let i = 0; i < outputs * hidden; i++)
      this.weights[second + i] = (outputScale * random.normal()) / Math.sqrt(hidden);
  }

  /** Writes the outputs for one input into `out`, and keeps the activations for `backward`. */
  forward(input: Float64Array, out: Float64Array): void {
    const { inputs, hidden, outputs, weights } = this;
    const bias = hidden * inputs;
    const second = bias + hidden;
    const lastBias = second + outputs * hidden;
    for (let h = 0; h < hidden; h++) {
      let sum = weights[bias + h]!;
      for (let i = 0; i < inputs; i++) sum += weights[h * inputs + i]! * input[i]!;
      this.#activations[h] = Math.tanh(sum);
    }
    for (let o = 0; o < outputs; o++) {
      let sum = weights[lastBias + o]!;
      for (let h = 0; h < hidden; h++) sum += weights[second + o * hidden + h]! * this.#activations[h]!;
      out[o] = sum;
    }
  }

  /** Adds the gradients for the last `forward(input)`, given the loss's derivative by each output. */
  backward(input: Float64Array, outGradient: Float64Array): void {
    const { inputs, hidden, outputs, weights, gradients } = this;
    const bias = hidden * inputs;
    const second = bias + hidden;
    const lastBias = second + outputs * hidden;
    for (let o = 0; o < outputs; o++) gradients[lastBias + o]! += outGradient[o]!;
    for (let h = 0; h < hidden; h++) {
      const activation = this.#activations[h]!;
      let back = 0;
      for (let o = 0; o < outputs; o++) {
        gradients[second + o * hidden + h]! += outGradient[o]! * activation;
        back += weights[second + o * hidden + h]! * outGradient[o]!;
      }
      back *= 1 - activation * activation;
      gradients[bias + h]! += back;
      for (let i = 0; i < inputs; i++) gradients[h * inputs + i]! += back * input[i]!;
    }
  }
}

/** Adam (Kingma and Ba, 2015) with the gradient clipped to a norm. */
export class Adam {
  readonly #network: Network;
  readonly #mean: Float64Array;
  readonly #square: Float64Array;
  #step = 0;

  constructor(network: Network) {
    this.#network = network;
    this.#mean = new Float64Array(network.weights.length);
    this.#square = new Float64Array(network.weights.length);
  }

  /** Applies and clears the gradients, divided by `count`; returns their norm before clipping. */
  apply(learningRate: number, count: number, normMax: number): number {
    const { weights, gradients } = this.#network;
    let norm = 0;
    for (const gradient of gradients) norm += (gradient / count) ** 2;
    norm = Math.sqrt(norm);
    const scale = Math.min(1, normMax / (norm + 1e-12)) / count;
    this.#step++;
    const meanBias = 1 - 0.9 ** this.#step;
    const squareBias = 1 - 0.999 ** this.#step;
    for (let i = 0; i < weights.length; i++) {
      const gradient = gradients[i]! * scale;
      this.#mean[i] = 0.9 * this.#mean[i]! + 0.1 * gradient;
      this.#square[i] = 0.999 * this.#square[i]! + 0.001 * gradient * gradient;
      weights[i]! -= (learningRate * (this.#mean[i]! / meanBias)) / (Math.sqrt(this.#square[i]! / squareBias) + 1e-8);
      gradients[i] = 0;
    }
    return norm;
  }
}
