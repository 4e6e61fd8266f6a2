package io.github.safeconsumer.examples.payments;

import io.github.safeconsumer.NonRetryableException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * Stands for your database: balance and last number of each account change together. It writes down
 * what it was asked to do, and when, so that the order can be checked.
 */
final class Ledger {
  /** One entry of the journal: a payment begins or is applied. */
  record Entry(String account, int number, boolean begin) {}

  private record Account(int applied, long balance) {}

  private static final long WORK_MILLIS = 3;

  private final Map<String, Account> accounts = new ConcurrentHashMap<>();
  private final Set<String> frozen = ConcurrentHashMap.newKeySet();
  private final List<Entry> journal = new CopyOnWriteArrayList<>();
  private final Map<String, CountDownLatch> locks = new ConcurrentHashMap<>();

  /** Its payments wait, as they do for a row that another transaction has locked. */
  void lock(String account) {
    locks.put(account, new CountDownLatch(1));
  }

  void unlock(String account) {
    locks.remove(account).countDown();
  }

  int applied(String account) {
    return account(account).applied();
  }

  long balance(String account) {
    return account(account).balance();
  }

  private Account account(String name) {
    return accounts.getOrDefault(name, new Account(0, 0));
  }

  void freeze(String account) {
    frozen.add(account);
  }

  void release(String account) {
    frozen.remove(account);
  }

  /** The sleep is the simulated work of a database. */
  void apply(Payment payment) throws InterruptedException {
    String name = payment.account();
    journal.add(new Entry(name, payment.number(), true));
    CountDownLatch lock = locks.get(name);
    if (lock != null) {
      lock.await();
    }
    Thread.sleep(WORK_MILLIS);
    if (frozen.contains(name) && payment.cents() < 0) {
      journal.add(new Entry(name, payment.number(), false));
      throw new NonRetryableException("the account is frozen: nothing can be taken from it");
    }
    // Read before the work and written after it: two at once on an account would lose one.
    Account before = account(name);
    accounts.put(name, new Account(payment.number(), before.balance() + payment.cents()));
    journal.add(new Entry(name, payment.number(), false));
  }

  List<Entry> journal() {
    return journal;
  }
}
