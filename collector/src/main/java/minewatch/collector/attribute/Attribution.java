package minewatch.collector.attribute;

import java.util.List;
import java.util.stream.Stream;

/// Whose address was it, at that moment?
public sealed interface Attribution {
    /// Every registry that names an enterprise names this one.
    ///
    /// @param claims the rows that say so, one a registry; the first one's address is used
    record Owned(List<Allocation> claims) implements Attribution {
        public Holder holder() {
            return claims.getFirst().holder();
        }
    }

    /// Registries disagree, or the address changed hands within the time asked for.
    ///
    /// @param claims at least two, of at least two enterprises
    record Contested(List<Allocation> claims) implements Attribution {}

    /// No registry names an enterprise: nothing known, or a dynamic pool.
    record Unassigned() implements Attribution {}

    /// The registry rows this rests on.
    default List<Allocation> allocations() {
        return switch (this) {
            case Owned(var claims) -> claims;
            case Contested(var claims) -> claims;
            case Unassigned() -> List.of();
        };
    }

    /// What rows together say: nothing, one enterprise, or several.
    static Attribution of(List<Allocation> claims) {
        if (claims.isEmpty()) {
            return new Unassigned();
        }
        Holder first = claims.getFirst().holder();
        return claims.stream().allMatch(claim -> claim.holder().isSameEnterprise(first))
                ? new Owned(List.copyOf(claims))
                : new Contested(List.copyOf(claims));
    }

    /// What holds of both: an address that changed hands in between is contested.
    default Attribution and(Attribution later) {
        if (equals(later)) {
            return this;
        }
        if (this instanceof Unassigned || later instanceof Unassigned) {
            return new Unassigned();
        }
        return of(
                Stream.concat(allocations().stream(), later.allocations().stream())
                        .distinct()
                        .toList());
    }
}
