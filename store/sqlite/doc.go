// Package sqlite keeps everything in one SQLite file: the store of a Muster
// that runs as one process, and the default.
//
// One goroutine writes. It takes all the writes that wait, gives each its own
// savepoint within one transaction, and syncs to the disk once for all of them;
// nobody is answered before that. Reads have connections of their own and see
// what was last committed.
//
//	Commit, ClaimDue, Take … → queue → writer → one transaction, one fsync → answers
//
// A lock on the file, which the kernel frees however the process ends, keeps a
// second process out, whatever name it uses. Being the only one, a process that opens
// the file knows that whoever held a claim or a lease is dead: claims are due
// again at once, and so are leases. All that waits then is in doubt, since the file
// may be a restored backup.
//
// Lanes that wait for the same stand in a line (lines.go), a row that stands where its
// first lane would. A look goes from op to op and from line to line; a line that waits
// for its destination is set aside until that opens.
//
// A commit whose context ends while it is still waiting is not written
// ([incident.ErrUnavailable]). One whose context ends while it is being written
// answers the context's error, and may or may not be recorded.
//
// The file says whose it is: another workspace is refused. Before each group of
// writes, and for reads once a second, a look shows whether the file is still in
// its place, else [store.ErrReplaced].
//
// A file that an older Muster wrote is upgraded when it is opened, in one
// transaction; an older Muster then refuses it.
package sqlite
