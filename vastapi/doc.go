// Package vastapi knows the Vast.ai REST API as a renter uses it. It must not
// know that there is a terminal.
//
// A [Client] reads with SearchOffers, OfferRaw, MachineReports, GPUNames,
// Templates, Instances, InstancesByID, Instance, InstanceRaw, PriceIncreases,
// RequestLogs, Output, Volumes, VolumeRaw, SSHKeys, User, UserRaw, TwoFactor,
// APIKeys, APIKeyRaw, EnvVars, EnvVarsRaw, AuditLog and AuditRaw, and changes the
// account with Do alone, which takes a [Call]: a request as data.
//
// # What is sent again
//
// Reads are tried up to four times when the server is busy, broken or not to be
// reached, with a random part of 1, 2, 4 s in between and never under the
// endpoint's interval; "too frequent" counts as a try, and an interval or
// Retry-After it names is kept to. One of more than five minutes, as of a quota that
// is used up, is not waited for: the read fails with the time that is left, and so
// do others of its kind, unsent, until then. After five failures in a row reads rest
// for 30 s, doubling to five minutes.
//
// A write is sent once. An answer that is lost says nothing about what was done,
// and a rent sent again may rent twice, so neither this package nor Go's
// transport below it repeats one; the [Result] says confirmed, rejected, not
// sent or unknown, and only the API's own word counts as the first two.
//
// # Pace
//
// One pacer per Client spaces requests by the intervals the API publishes plus
// 2 %, keeps all reads under 60 a minute and all searches under ten, counted so
// that a slow network cannot bring eleven into one minute of the server. Writes
// overtake reads that wait; among reads [WithPriority] decides. A request's time
// limit starts when the pacer lets it go, and [WithProgress] tells about the
// waiting.
//
// # What comes in
//
// Answers are read row by row: null and absent are unknown (NaN for numbers, see
// [Known]), numbers may be strings, NaN and Infinity are no numbers, prices
// below 0 or above 1,000 $/h are unknown, unknown fields are left out, and a row
// that cannot be read is counted and costs only itself. An empty list is
// believed only when one was sent. Every text becomes a safetext.Text; keys and
// tokens in answers are left out. Answers are bounded after decompression.
//
// Many thousand offers are held at a time: a page has no more room than its
// rows, and equal texts of all pages share their bytes.
//
// # Why not
//
// An [Error] has a [Kind] that says what can be done (the offer is gone, credit,
// spend limit, bid, image, environment, key …) and a Sentence that says so to the
// user. A key that is good and may not do something is a KindRights, which names the
// permission group it lacks, and Refusals remembers it. A create that was refused may still name an instance: see [Result].
//
// # Where the key goes
//
// Requests go to one host by https (http on loopback). Redirects are refused.
// Logs and what commands print lie elsewhere, at an address that is itself the
// secret: it is read by https without the key, and shown nowhere. The key is asked of its [Key] for each request and held nowhere; it is in no
// error, no log line and no printed Client.
package vastapi
