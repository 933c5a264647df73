package minewatch.collector.report;

/// The ledger's database cannot be asked at the moment; trying again later may help.
public final class LedgerUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LedgerUnavailableException(Throwable cause) {
        super("cannot read the ledger: " + cause.getMessage(), cause);
    }
}
