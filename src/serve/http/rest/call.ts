import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { ROUTES, RouteName } from '../../api/routes.ts';
import type { Hub, Principal } from '../../hub/hub.ts';
import type { Authentication } from '../authentication.ts';
import type { HostRule } from '../host-rule.ts';
import type { Links } from '../links.ts';
import type { Sessions } from '../sessions.ts';

/** What the handlers of our REST stand on. */
export interface RestOptions {
  readonly hub: Hub;
  readonly authentication: Authentication;
  readonly sessions: Sessions;
  readonly hosts: HostRule;
  readonly links: Links;
  readonly version: string;
  /** Open streams of notices; whoever closes the server ends them. */
  readonly streams: Set<Disposable>;
}

type Route<N extends RouteName> = (typeof ROUTES)[N];

/** One request to a route: its parts, checked and typed by the route's schemas. */
export interface Call<N extends RouteName> {
  /** Who asks. Reading it on a route that is open to everybody is a bug. */
  readonly who: Principal;
  /** The decoded segments of the address; those that the route does not have are empty. */
  readonly at: { readonly entity: string; readonly project: string; readonly run: string; readonly name: string };
  readonly query: Route<N> extends { query: infer S extends z.ZodType } ? z.output<S> : undefined;
  readonly body: Route<N> extends { body: infer S extends z.ZodType } ? z.output<S> : undefined;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** What a handler gives back: the route's reply, or nothing where it has none; a `FastifyReply` says that it was sent. */
type Answer<N extends RouteName> =
  Route<N> extends { reply: infer S extends z.ZodType } ? z.input<S> | FastifyReply : void | FastifyReply;

export type Handler<N extends RouteName> = (call: Call<N>) => Promise<Answer<N>> | Answer<N>;
export type Handlers<N extends RouteName> = { readonly [Name in N]: Handler<Name> };
