// Package vastsim knows the Vast.ai HTTP API from its public documentation and
// plays it as a small world: hosts with machines, a market whose prices move,
// one renter's account with a bill that runs by the second. It must not know
// anything of this project: it imports the standard library only, so that a
// client that misreads a field cannot be confirmed by a server that misreads it
// in the same way.
//
// # Use
//
//	w := vastsim.New(vastsim.WithSeed(7), vastsim.WithQuietMarket())
//	c := &http.Client{Transport: w.Transport()} // or serve w.Handler() on a loopback port
//
// Any API key is accepted unless WithKey names one. The command vastsim serves
// the same world to other programs; conformance.sh runs the official command
// line against it, CONFORMANCE.md keeps what that printed.
//
// # Time and determinism
//
// World time is real time since New, scaled by WithSpeed; New is time zero. There
// is no ticker and no goroutine: each request first plays what has become due, in
// the order of its time. The market is a pure function of the seed and of world
// time, apart from what this account itself has rented; the account is a function
// of the requests and of when they came. Reading more often changes nothing, not
// even the last digit of the credit. Inside testing/synctest a day passes in well
// under a second. Faults and rate limits count real seconds.
//
// # Assumptions
//
// What the documentation leaves open is decided here. Where the official OpenAPI
// and the behaviour of the official client disagree, the client is followed.
//
// Transport and errors:
//   - Content-Type is exactly application/json, because the official client
//     compares it for equality. Both forms of the final slash are served, nothing
//     redirects. Unknown paths are 404 and known paths with another method 405,
//     both with an envelope.
//   - No key: 401 auth_error; on volumes 401 with "detail"; on charges and
//     invoices 403. Wrong key: 401; on charges, invoices and searches 404. Searches
//     and the GPU catalogue need no key, the catalogue does not even look at it.
//     Scoped keys, teams and two-factor sessions do not exist here.
//   - A limit is an interval for each (route, key, address); start, stop and label
//     share one. Refused calls do not count. A search has ten calls in any sixty
//     seconds for each address instead. A refused create waits twelve seconds from
//     then on ("penalty"). The 429 has the body the OpenAPI shows for the route
//     ("detail", or rate_limit_exceeded on destroy); routes that show none, among
//     them searches and copies, answer in plain text.
//   - Paths not in the documentation's table of limits have none: account, keys of
//     the account, request of logs.
//
// Offers:
//   - id and ask_contract_id are equal. Filtering on id matches nothing;
//     ask_contract_id finds an offer. Ids have eight digits from 30,000,000 on,
//     contracts from 21,480,300 on.
//   - A machine with 1, 2, 4 or 8 cards lists each power of two that fits into its
//     free cards once, the chunks overlapping. Renting one takes all of them off the
//     market; the rest comes back under new ids after 60 to 150 s. The same happens
//     when an instance stops or is destroyed.
//   - A machine that others have rented whole is one row with rentable false. rented
//     means that this account holds cards of that machine.
//   - Every 45 min to 9 h a host lists anew: other ids, other renters, a pause of 15
//     s to 4 min in between. Prices move by a few percent in steps of 10 to 90 min,
//     floors in steps of 3 to 7 min.
//   - min_bid is what the strongest competitor bids, between about four and nine
//     tenths of the listed price; null for the one machine in twenty that takes no
//     bids. Those are left out of a search of type bid.
//   - dph_total = dph_base (or min_bid for type bid) + storage_cost ×
//     allocated_storage / 720. discount_rate is 0 unless type is reserved; then it is
//     that of the contract's remaining time, at most three months. The object
//     "search" repeats these figures; "instance" is the price while stopped.
//   - disk_space is the machine's free space times gpu_frac, direct_port_count too;
//     cpu_ram and cpu_cores are of the whole machine. allocated_storage (8 when not
//     given) also demands disk_space.
//   - verified false means anything but verified. external is null in rows, as in
//     captured answers, and `external eq false` matches it. geolocation compares
//     the last two letters; the row "Norway" counts as NO. A null column satisfies
//     neither neq nor notin. Values that cannot be coerced are 400.
//   - score is the value for money with reliability and network; rn is 1;
//     bundled_results, cluster_id, nw_disk_*, platform_fee, hostname and webpage are
//     null; reliability, reliability2 and expected_reliability are the same number;
//     vericode is 0, 1, 2 for unverified, verified, deverified; geolocode is a hash
//     of the country. dph_total_adj is dph_total × (2 − reliability).
//   - A few machines have null hosting_type, cpu_cores, cpu_ghz or verification, odd
//     places (", US", "US", "Norway") and white space behind their address. There are
//     no CPU-only offers.
//   - limit is 64 when not given and 1,000 at most (WithMaxLimit).
//
// Creating:
//   - Checks come before any effect: template, environment, image, label (256), price
//     (0.001 to 128), disk (8 to disk_space), volume, then credit above zero. The spend
//     limit of new accounts is not played. A vm without keys is no_ssh_key_for_vm.
//   - A stale offer is 404 invalid_args, or 410 no_such_ask when cancel_unavail is true.
//   - A bid below the floor is 400 invalid_price and still carries new_contract: the
//     contract is "created", stopped, pays for its disk and starts by itself when the
//     floor falls, like any outbid instance.
//   - An interruptible rental consumes the offer as well.
//   - instance_api_key is always sent. template values fill gaps; single values of
//     the request win, env merges by key. onstart has no limit of its own.
//   - POST /asks/bulk/ answers {"new_contracts":[…],"failed":[…]}; the documentation
//     says nothing about it.
//
// Instances:
//   - actual_status: null, created, loading, running; exited after a stop, an outbid
//     or the end of the credit; rebooting (10 to 30 s) and recycling are transient;
//     offline is put in when answering and cannot be filtered by. cur_state is running
//     from the first moment and unloaded after a destroy.
//   - A start takes 40 to 180 s with a pull (WithStartup), 6 to 20 s without; a stop 3
//     to 8 s, in which the cards are still paid.
//   - Images whose name holds "does-not-exist", "private/" (without image_login) or
//     "stuck" fail to start or pull for ever; so do starts on deverified machines with
//     a reliability below 0.78. A failed start is "created", cur_state stopped,
//     intended running, with docker's words in status_msg; it pays for its disk.
//   - A start without free cards is queued (200, success false, error
//     resources_unavailable) until they are free or a stop comes.
//   - Outbid looks like stopped by the user. Renters on demand come before bids.
//   - The deposit of a reservation pays everything until it is used up. Its months are
//     deposit / (list price × 720); the discount rises from 0 to 0.2 at one month, 0.3
//     at three, the machine's best at six, on the GPU part only. Refund: the rest less
//     1.05 × the discount received, all of it on a deverified machine.
//   - A destroyed instance stays in lists for 2 s; the single call is null at once.
//     After its end_date a contract is stopped for good and deleted 48 h later.
//   - ssh_host is ssh<1-9>.vast.ai, ssh_port 10000 + id mod 10000. ports is null unless
//     running, {} when nothing is mapped or the machine has no ports. Public ports are
//     arbitrary and consecutive.
//   - gpu_util is percent, cpu_util a fraction, mem_* GB, disk_usage GB and −1 until the
//     container has started; uptime_mins is null for every third contract. score,
//     time_remaining_isbid, webpage are empty; time_remaining is filled in the last 30
//     days ("24 D 16 Hr").
//   - total_instances and label_counts are of everything the filter matches.
//     Filters know the columns of the contract record (contractColumns) only.
//   - Where the OpenAPI has extra_env as texts and ports as a list, pairs and an object
//     are sent; the single call leaves out volume_info and country_code.
//   - Hosts ask for a higher price only when RaisePrice has them. One that is
//     accepted counts at once; one that is rejected leaves the contract as it is.
//
// Billing:
//   - GPU is paid in running, frozen, rebooting and recycling, disk in every state,
//     nothing while the machine is offline; a month is 720 h. Stopped disks cost no
//     more than running ones.
//   - Traffic: an image of 1.4 to 10.4 GB while loading, then some 0.02 to 0.4 GB an
//     hour down and 0.01 to 0.16 up. WithTraffic(false) leaves it out.
//   - When the credit reaches zero everything stops and stays so; disks go on and take
//     the credit below zero. A start needs credit above zero. There is no autobill.
//   - Charges are one row a contract over the range asked for, amounts rounded to a
//     tenth of a cent item by item. The tree format equals the table. after_token of
//     charges and invoices names the last id seen.
//
// Volumes:
//   - One volume offer a machine, with a share of its disk; its id does not change.
//     Renting one makes disk_space and avail_vol_size smaller. status is null for 4 s,
//     for 30 s and a second a GB after a clone, then "created". Rows have no score; an
//     order by it, the official client's default, goes by reliability.
//   - instances holds ids, not objects. A volume is free 5 to 25 s after its instance was
//     destroyed. The id of a delete is taken from the query, else from the body.
//   - driver_vers, geolocode and vericode are numbers (the OpenAPI has texts).
//   - Network volumes are known from the official client alone, which hides its verbs
//     for them. Some hosts of datacenters offer one share each; rows are those of other
//     volumes without machine_id, with cluster_id and the speeds of the disk, and their
//     type is "network". They are ready after 12 s, are billed also while a machine of
//     the host is away, are deleted like others, and are neither copied nor linked.
//     The account holds none until one is made.
//
// Everything else:
//   - Account keys go into new instances only. GET /ssh/ without keys is 404. Rows carry
//     both key and public_key.
//   - users/current carries api_key, although the OpenAPI says it does not, because it
//     has been seen; clients have to drop it.
//   - Log and execute results are served at /_results/<token>.log of this server, 404
//     for the first one or two polls. Texts are invented. rm prints nothing and removes
//     nothing.
//   - Templates: six, one of them the user's own; hash_id follows the content. Secrets
//     are upper-cased, at most a hundred, and go into new instances, unseen: rows do not
//     show them. audit_logs holds the last 500 changing calls, without values.
//   - A key with permissions is refused what its groups do not allow, in the words that
//     have been seen, with 401; WithRefusal(403) takes the documented status. Constraints
//     inside a group are not looked at. The first key cannot be deleted, and every key
//     that is not known by name counts as it.
//   - metrics are computed from the same market; history before time zero repeats time
//     zero. Everything host-side, serverless, teams, scheduled jobs, cloud sync,
//     snapshots and transfers is absent and answers 404.
package vastsim
