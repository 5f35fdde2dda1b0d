package dev.holdfast.bench.audit;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.envers.Audited;

/** For Envers: as little as there can be beside the address, so that each version is as small as it can be. */
@Entity
@Audited
@Table(name = "app_user")
public class User {
    @Id
    private long id;

    @Column(nullable = false)
    private String email = "";

    /** For Hibernate. */
    protected User() {}

    public long getId() {
        return id;
    }

    public String getEmail() {
        return email;
    }

    public void setEmail(String email) {
        this.email = email;
    }
}
