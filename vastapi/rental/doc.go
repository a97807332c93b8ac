// Package rental knows how to change an account: what a change will do and
// cost, what has to be agreed to, how it is carried out once and only once, and
// how to find out what happened when no answer came. It must not know that
// there is a terminal, where the journal is kept or how requests travel.
//
// A change is a [Plan], which is data: the Plan… functions make it, a dialog or
// a command line draws it, and [Execute] alone carries it out. Before the first
// byte of a request leaves, the intent is in the journal; a request whose answer
// was lost is never repeated but looked for in the account, by the token that
// the label of every rental carries.
//
// [RentOptions] are what a rental is chosen by, [RentOptions.Validate] says of
// each field what is wrong with it, and [PlanRent] makes the plan. [ParseEnv] and
// [ParseDotEnv] read an environment; what they do not understand is an error with
// its place, never left out.
//
// What runs is changed by PlanStart, PlanStop, PlanReboot, PlanRecycle, PlanUpdate,
// PlanBid, PlanPrepay, PlanAcceptIncrease, PlanExecute and PlanDestroy. [Watched]
// keeps what readings of an instance have shown over time, [Problems] says what is
// wrong with it, on what evidence, and what can be done.
package rental
